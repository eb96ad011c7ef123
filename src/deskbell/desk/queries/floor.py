"""What supervisors see: the queue, and who does what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import system_scope

from ..models import DeskCall, DeskCallState, Offer, OfferState, Receptionist
from .desks import WITH, is_written
from .duty import FLOOR
from .reception import waiting_calls


@dataclass(frozen=True, slots=True)
class AtFloor:
    """A receptionist, with what they do: the offer that rings, or the call in hand or written."""

    receptionist: Receptionist
    offer: Offer | None = None
    desk_call: DeskCall | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Who waits, the next one first, and all receptionists by name."""

    waiting: Sequence[DeskCall]
    receptionists: Sequence[AtFloor]


def floor() -> Floor:
    """All of the desk now, in five statements, in a system scope of its own.

    Receptionists have their users and skills; calls have account, number, record and skill.
    """
    with system_scope("supervisors see the desk of every account"):
        people = Receptionist.objects.select_related("user").prefetch_related("skills")
        offers = Offer.objects.filter(state=OfferState.RINGING)
        with_call = offers.select_related(*(f"desk_call__{each}" for each in WITH))
        rung = {each.receptionist_id: each for each in with_call}
        calls = DeskCall.objects.exclude(state=DeskCallState.OVER).exclude(receptionist=None)
        has: dict[int | None, DeskCall] = {}
        for each in calls.select_related(*WITH).order_by("pk"):
            if each.state == DeskCallState.IN_HAND or is_written(each):
                has[each.receptionist_id] = each
        waiting = waiting_calls().select_related(*WITH).order_by("rank_at", "pk")
        return Floor(
            waiting=list(waiting),
            receptionists=[AtFloor(e, rung.get(e.pk), has.get(e.pk)) for e in people],
        )


def floor_version() -> int:
    """The number of what the floor shows: one indexed read."""
    return version_of(FLOOR)
