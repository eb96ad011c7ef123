"""Who is effectively on call, piece by piece, and where nobody or more than one is."""

from __future__ import annotations

from datetime import datetime

from ..models import EscalationLevel
from ..rules import Span
from .shapes import Stretch


def duty(of: int | EscalationLevel, *, since: datetime, until: datetime) -> list[Stretch]:
    """To come."""
    raise NotImplementedError


def gaps(level: EscalationLevel, *, since: datetime, until: datetime) -> list[Span]:
    """To come."""
    raise NotImplementedError


def doubles(level: EscalationLevel, *, since: datetime, until: datetime) -> list[Stretch]:
    """To come."""
    raise NotImplementedError
