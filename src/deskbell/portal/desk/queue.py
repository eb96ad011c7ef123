"""Who waits and which calls are to be made: the same on every desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from deskbell.accounts.queries import company_name
from deskbell.delivery.queries import tasks
from deskbell.desk.models import DeskCall, DeskCallKind
from deskbell.desk.queries import queue
from deskbell.foundation.numbers import for_people
from deskbell.platform.tenancy import system_scope

MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in the queue; `place` is 1 for the next one."""

    place: int
    desk_call: DeskCall
    company: str
    called: str
    skill: str
    note: str


def queue_context(at: datetime) -> dict[str, Any]:
    """The callers who wait, the next one first, and the calls that are to be made."""
    with system_scope("every desk sees who waits"):
        waiting = queue(MOST_SHOWN)
        to_make = tasks(at)
        first, task_count = list(to_make[:MOST_SHOWN]), to_make.count()
    return {
        "waiting": [waiting_of(place, each) for place, each in enumerate(waiting.first, start=1)],
        "waiting_count": waiting.count,
        "more_waiting": waiting.count - len(waiting.first),
        "tasks": first,
        "task_count": task_count,
        "more_tasks": task_count - len(first),
    }


def waiting_of(place: int, desk_call: DeskCall) -> Waiting:
    """A caller in the queue as a line of it."""
    is_callback = desk_call.kind == DeskCallKind.CALLBACK
    about = "Wants to speak about a message" if desk_call.delivery_id else "Was called by us"
    return Waiting(
        place=place,
        desk_call=desk_call,
        company=company_of(desk_call),
        called=number_of(desk_call),
        skill=desk_call.skill.name if desk_call.skill else "",
        note=about if is_callback else "",
    )


def company_of(desk_call: DeskCall) -> str:
    """What the business is called on the number that was dialled."""
    return company_name(desk_call.account, desk_call.number)


def number_of(desk_call: DeskCall) -> str:
    """The number that was dialled as people write it; empty where it is gone."""
    return for_people(desk_call.number.number) if desk_call.number else ""
