"""Rings: who claims one, who refuses one, and how each ends."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..models import DeskCall, Offer, Receptionist
from ..rules.queue import RingEnd


def claim(*, desk_call: DeskCall, receptionist: Receptionist, at: datetime) -> Offer:
    """A receptionist takes a waiting call in the page: only their phone rings for it from now on.

    Raises TakenByOther, CallerGone, NoPhone, Conflict where they cannot be rung now.
    """
    raise NotImplementedError


def refuse(*, offer: Offer, at: datetime) -> None:
    """A receptionist does not want the call that rings; the next one is rung. Late is nothing."""
    raise NotImplementedError


def ring_own_phone(*, desk_call: DeskCall, receptionist: Receptionist, at: datetime) -> Offer:
    """Rings a receptionist for a call of their own (kind OUTGOING, state WAITING, just made).

    When they answer, `take_offer` puts the call in their hands; where nobody does, it is over.
    Raises NoPhone, Conflict.
    """
    raise NotImplementedError


def ring_ended(*, offer_id: int, status: str, sip_code: str, at: datetime) -> None:
    """A receptionist's leg ended that had taken no call; anything else is late and nothing."""
    raise NotImplementedError


def end_rings(
    *,
    desk_call_id: int,
    how: RingEnd,
    at: datetime,
    but: Collection[int] = (),
) -> list[Offer]:
    """Ends the rings for a locked call, but those of some receptionists; their legs are ended.

    Locks receptionists. Gives the offers that ended.
    """
    raise NotImplementedError
