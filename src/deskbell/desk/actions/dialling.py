"""Calls that a receptionist makes: their own phone is rung first, then whom they call."""

from __future__ import annotations

from datetime import datetime

from deskbell.accounts.models import PhoneNumber
from deskbell.delivery.models import Delivery

from ..models import DeskCall, Receptionist


def call_out(
    *,
    receptionist: Receptionist,
    account_id: int,
    number: PhoneNumber | None,
    to: str,
    at: datetime,
    delivery: Delivery | None = None,
) -> DeskCall:
    """Calls `to` for an account, showing `number` (None: the account's first).

    Rings the receptionist's own phone; once it is answered, `to` is called into the room. Needs the
    account's scope. Raises InvalidInput with `field` "to", NotAllowed for a number that the account
    may not call, Conflict for a receptionist who has a call or no phone, Unreachable.
    """
    raise NotImplementedError


def own_phone_answered(*, desk_call: DeskCall, at: datetime) -> None:
    """The receptionist's own phone answered for an outgoing call: has whom it is for called now, by
    a job. `actions.offers.take_offer` asks it for a call of kind outgoing."""
    raise NotImplementedError
