"""Reads of on call."""

from .calendars import (
    account_fallback,
    level,
    level_fallback,
    levels,
    next_shift,
    on_call,
    on_call_now,
    shift_of,
    zone_of,
)
from .health import (
    LATE_SECONDS,
    Health,
    health,
)

__all__ = [
    "LATE_SECONDS",
    "Health",
    "account_fallback",
    "health",
    "level",
    "level_fallback",
    "levels",
    "next_shift",
    "on_call",
    "on_call_now",
    "shift_of",
    "zone_of",
]
