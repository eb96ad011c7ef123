"""The demo's To Dos, with a fortnight of runs behind them.

The calls are paused, so that no telephone rings in somebody's demo unasked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.todos import actions
from deskbell.todos.models import Run, RunState, Schedule, ToDo
from deskbell.todos.rules import next_after, times_due

from .cast import ACME, ALICE, BOB, CHARLIE, Business

_PAST: Final = timedelta(days=14)
_TOOK: Final = timedelta(milliseconds=320)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A To Do, when it runs, and what was said of its runs."""

    fields: actions.Fields
    schedule: dict[str, Any]
    answer: str
    is_paused: bool = False


def add_to_dos(*, business: Business, account: Account, at: datetime) -> None:
    """Makes them, as of two weeks ago. Needs the account's scope."""
    for planned in _acme(business) if business is ACME else _brook():
        made = actions.add_to_do(
            account_id=account.pk,
            fields=planned.fields,
            when=planned.schedule,
            at=at - _PAST,
            by=business.people[0].name,
        )
        _write_past(made, planned.answer, at)
        if planned.is_paused:
            actions.pause_to_do(to_do=made, at=at)


def _acme(business: Business) -> Sequence[_Planned]:
    weekly = {
        "frequency": "weekly",
        "times": ["9:00 AM"],
        "days": ["Tuesday", "Thursday", "Saturday"],
        "interval": 2,
    }
    monthly = {"frequency": "monthly", "times": ["10:00 AM"], "days": [1, 15]}
    return (
        _Planned(
            actions.Fields(
                "sms",
                BOB.mobile,
                sender=business.lines[0].number,
                message_text="Please bring the crowns from the lab along.",
            ),
            weekly,
            "The text server took it",
        ),
        _Planned(
            actions.Fields(
                "email",
                ALICE.email,
                message_text="Today's patients are on the board. Two chairs are free at noon.",
                subject="The day at Acme Dental",
                sender_name=business.name,
                from_email=BOB.email,
            ),
            {"frequency": "daily", "times": ["7:30 AM"]},
            "The mail server took it",
        ),
        _Planned(
            actions.Fields(
                "call",
                business.lines[2].number,
                instructions="Please order gloves and masks for the next two weeks.",
            ),
            monthly,
            "Answered by a person, and heard",
            is_paused=True,
        ),
    )


def _brook() -> Sequence[_Planned]:
    return (
        _Planned(
            actions.Fields(
                "email",
                CHARLIE.email,
                message_text="Count the copper pipe in the van and order what is short.",
                subject="Stock of the van",
            ),
            {"frequency": "weekly", "times": ["4:00 PM"], "days": ["Friday"]},
            "The mail server took it",
        ),
    )


def _write_past(to_do: ToDo, answer: str, at: datetime) -> None:
    """Its runs so far, all of which went well, and when it is next due."""
    schedule: Schedule = to_do.schedule
    zone = ZoneInfo(to_do.account.time_zone)
    known = schedule.rule, schedule.times, schedule.first_day, zone
    past = times_due(*known, after=at - _PAST, until=at)
    Run.objects.bulk_create(
        Run(
            account_id=to_do.account_id,
            to_do=to_do,
            due_at=due,
            state=RunState.SENT,
            began_at=due,
            ended_at=due + _TOOK,
            tries=1,
            answer=answer,
        )
        for due in past
    )
    schedule.previous_occurrence = past[-1] if past else None
    schedule.next_occurrence = next_after(*known, at)
    schedule.save(update_fields=["previous_occurrence", "next_occurrence"])
    ToDo.objects.filter(pk=to_do.pk).update(run_at=schedule.previous_occurrence)
