"""Receptionists come and go. Every change of standing goes through `move`, by `rules.standing`.

Locks of the desk are taken in this order, in every transaction: calls, by id; then receptionists,
by id; an offer changes only while its receptionist's row is locked, and needs no lock of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from ..models import Receptionist
from ..rules.standing import Event


def go_available(*, receptionist: Receptionist, at: datetime) -> Receptionist:
    """Calls may ring from now on. Raises NoPhone."""
    raise NotImplementedError


def go_away(*, receptionist: Receptionist, at: datetime) -> Receptionist:
    """No calls ring; a ring ends, and who is in a call, or writes one down, leaves after it."""
    raise NotImplementedError


def seen(*, receptionist: Receptionist, at: datetime) -> None:
    """A page of the desk asked; one statement, which writes twice a minute at most."""
    raise NotImplementedError


def locked(ids: Collection[int]) -> dict[int, Receptionist]:
    """The receptionists' rows, locked in the order of their ids, with their users."""
    raise NotImplementedError


def move(
    receptionists: Mapping[int, Receptionist],
    events: Mapping[int, Event],
    at: datetime,
    *,
    words: Mapping[int, str] | None = None,
) -> None:
    """Applies one event to each of some locked receptionists, and raises their versions.

    One statement for all. Ends no rings and moves no calls. Raises Conflict.
    """
    raise NotImplementedError


def show(receptionist_ids: Collection[int]) -> None:
    """Has the pages of these desks show what changed: one statement. Also raises the floor's
    version."""
    raise NotImplementedError
