"""Edits of events: one instance, all of them, or one and those that follow.

Source: seed 000, "Edit Existing Events", "Delete Existing Events"; design, on call, "Calendars".
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ..models import Event


class Scope(StrEnum):
    """How far an edit of an event reaches."""

    THIS = "this"
    ALL = "all"
    FOLLOWING = "following"


def edit_event(
    *,
    event: Event,
    scope: Scope,
    day: date | None,
    at: datetime,
    keep_changed: bool = True,
    **changes: Any,
) -> Event:
    """To come."""
    raise NotImplementedError


def move_event(
    *, event: Event, scope: Scope, day: date | None, starts: datetime, ends: datetime, at: datetime
) -> Event:
    """To come."""
    raise NotImplementedError


def delete_event(*, event: Event, scope: Scope, day: date | None, at: datetime) -> None:
    """To come."""
    raise NotImplementedError
