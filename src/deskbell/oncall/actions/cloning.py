"""Copies of events and of whole calendars. Source: seed 000, "Clone Events" and "Clone
Escalation Levels"."""

from __future__ import annotations

from datetime import date, datetime

from ..models import EscalationLevel, Event


def clone_event(
    *, event: Event, level: EscalationLevel, at: datetime, day: date | None = None
) -> Event:
    """To come."""
    raise NotImplementedError


def clone_level(
    *, level: EscalationLevel, onto: EscalationLevel, at: datetime, replace: bool = False
) -> int:
    """To come."""
    raise NotImplementedError
