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
from .pictures import bars_of, picture
from .scenes import Scene, scene
from .shapes import Bar, Breakage, Replaced, Stretch, Way, Who
from .shifts import shift_of, wall, zone_of
from .stretches import (
    doubles,
    doubles_in,
    duty,
    gaps,
    gaps_in,
    picture_with_duty,
    stretches_of,
)
from .telephones import PHONE, telephones_on_call

__all__ = [
    "LATE_SECONDS",
    "PHONE",
    "Bar",
    "Breakage",
    "Forecast",
    "ForecastStep",
    "Health",
    "Replaced",
    "Scene",
    "SelfTests",
    "Stretch",
    "Way",
    "Who",
    "account_fallback",
    "bars_of",
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
    "scene",
    "shift_of",
    "stretches_of",
    "telephones_on_call",
    "wall",
    "what_breaks",
    "zone_of",
]
