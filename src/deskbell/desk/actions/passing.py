"""Passing a caller on: to a number, to a contact, to who is on call, alone or announced.

Whom a call is passed on to is rung into its room. What may be done when is `rules.hands`; as in
`holding`, everything here needs the account's scope and raises what is wrong in words.
"""

from __future__ import annotations

from datetime import datetime

from deskbell.contacts.models import Contact

from ..models import DeskCall, Party
from ..rules.hands import Event, How
from . import moving


def pass_on(
    *,
    desk_call: DeskCall,
    how: How,
    at: datetime,
    address: str = "",
    contact: Contact | None = None,
    level_id: int | None = None,
) -> Party:
    """Rings somebody for the caller: `address` (a number, or a SIP phone's user name), a contact's
    phone, or for a live patch who is on call on a level, one after the other.

    Blind, the receptionist is out at once; else the caller is held until `complete`, `take_back` or
    `confer`. Raises InvalidInput for what cannot be called, with `field` "address", NotAllowed for
    what the account may not call, NotFound for a level where nobody is on call by telephone,
    Conflict where somebody was called in already, Unreachable.
    """
    raise NotImplementedError


def complete(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Leaves the caller to whom they are passed on to, also while that one is still rung."""
    return moving.press(desk_call=desk_call, event=Event.COMPLETE, at=at)


def take_back(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Lets the other go, and talks to the caller again."""
    return moving.press(desk_call=desk_call, event=Event.TAKE_BACK, at=at)


def confer(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Has all three talk."""
    return moving.press(desk_call=desk_call, event=Event.CONFER, at=at)
