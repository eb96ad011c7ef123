"""Reads of on call."""

from .breakage import what_breaks
from .calendars import (
    account_fallback,
    event,
    level,
    level_fallback,
    levels,
    next_shift,
    on_call,
    on_call_now,
)
from .forecast import Forecast, ForecastStep, forecast
from .health import (
    LATE_SECONDS,
    Health,
    SelfTests,
    health,
)
from .pictures import picture
from .shapes import Bar, Breakage, Replaced, Stretch, Way, Who
from .shifts import shift_of, wall, zone_of
from .stretches import doubles, doubles_in, duty, gaps, gaps_in, picture_with_duty

__all__ = [
    "LATE_SECONDS",
    "Bar",
    "Breakage",
    "Forecast",
    "ForecastStep",
    "Health",
    "Replaced",
    "SelfTests",
    "Stretch",
    "Way",
    "Who",
    "account_fallback",
    "doubles",
    "doubles_in",
    "duty",
    "event",
    "forecast",
    "gaps",
    "gaps_in",
    "health",
    "level",
    "level_fallback",
    "levels",
    "next_shift",
    "on_call",
    "on_call_now",
    "picture",
    "picture_with_duty",
    "shift_of",
    "wall",
    "what_breaks",
    "zone_of",
]
