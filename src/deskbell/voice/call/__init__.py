"""One call and what can happen to it; `Call` is what verbs, Dial and REST hold."""

from __future__ import annotations

from .call import Call
from .events import (
    CallEnded,
    Changed,
    Direction,
    Event,
    HangUp,
    Interrupted,
    Key,
    Origin,
    Redirected,
    Refusal,
    Status,
    Told,
)
from .particulars import Particulars
from .services import Services
from .snapshot import Snapshot

__all__ = [
    "Call",
    "CallEnded",
    "Changed",
    "Direction",
    "Event",
    "HangUp",
    "Interrupted",
    "Key",
    "Origin",
    "Particulars",
    "Redirected",
    "Refusal",
    "Services",
    "Snapshot",
    "Status",
    "Told",
]
