"""Rows of rings, and the jobs that carry them out; whoever calls this has locked who is rung."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from deskbell.platform.jobs import enqueue_many

from .. import jobs
from ..models import DeskCall, Offer, OfferState, Receptionist
from ..rules.queue import RingEnd

_STATES = {
    RingEnd.MISSED: OfferState.MISSED,
    RingEnd.REFUSED: OfferState.REFUSED,
    RingEnd.WITHDRAWN: OfferState.WITHDRAWN,
    RingEnd.FAILED: OfferState.FAILED,
    RingEnd.LOST: OfferState.FAILED,
}


def offer_of(
    desk_call: DeskCall, receptionist: Receptionist, at: datetime, *, is_claimed: bool = False
) -> Offer:
    """A ring that is not written yet."""
    return Offer(
        account_id=desk_call.account_id,
        desk_call=desk_call,
        receptionist=receptionist,
        made_at=at,
        is_claimed=is_claimed,
    )


def begin(offers: Sequence[Offer]) -> None:
    """Writes rings and has their telephones asked: two statements."""
    Offer.objects.bulk_create(offers)
    ask_to_ring(offers)


def ask_to_ring(offers: Iterable[Offer], *, again: int = 0) -> None:
    """Queues the telephones' ringing; `again` makes it another job than the one before."""
    enqueue_many(
        jobs.ring,
        {
            f"desk.ring.{each.pk}.{again}": {"account_id": each.account_id, "offer_id": each.pk}
            for each in offers
        },
    )


def finish(
    offers: Collection[Offer], how: RingEnd, at: datetime, *, words: str = "", has_leg: bool = True
) -> None:
    """Writes that rings ended; with `has_leg` their legs are ended as well. Two statements."""
    if not offers:
        return
    why = {"words": words[:200]} if words else {}
    Offer.objects.filter(pk__in=[each.pk for each in offers]).update(
        state=_STATES[how], ended_at=at, **why
    )
    if has_leg:
        enqueue_many(
            jobs.withdraw,
            {
                f"desk.withdraw.{each.pk}": {"account_id": each.account_id, "offer_id": each.pk}
                for each in offers
            },
        )


def ringing_for(desk_call_id: int) -> list[Offer]:
    """The rings for a call, with their receptionists; sure only while these are locked."""
    found = Offer.objects.filter(desk_call_id=desk_call_id, state=OfferState.RINGING)
    return list(found.select_related("receptionist__user").order_by("pk"))
