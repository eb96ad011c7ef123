"""The clock of writing down begins where a call leaves its receptionist's hands."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..models import DeskCall, Offer, OfferState
from ..queries.terms import terms_of
from ..rules.standing import Event
from .availability import move
from .locks import locked_receptionists


def start_wrap(kept: DeskCall, event: Event, at: datetime) -> None:
    """A locked call leaves its receptionist's hands: the clock of writing it down runs. Saves the
    receptionist and the ring, not the call."""
    Offer.objects.filter(desk_call=kept, state=OfferState.ANSWERED).update(
        state=OfferState.DONE, ended_at=at
    )
    terms = terms_of(kept.account_id, kept.number_id)
    kept.wrap_until = at + timedelta(seconds=terms.wrap_seconds)
    if kept.receptionist_id is not None:
        rows = locked_receptionists([kept.receptionist_id])
        move(rows, {kept.receptionist_id: event}, at)
