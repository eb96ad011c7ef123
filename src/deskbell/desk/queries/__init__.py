"""Reads of the desk: who waits, who answers, what a receptionist has before them."""

from __future__ import annotations

from .desks import AtDesk, desk_of
from .figures import ServiceLevel, service_level
from .floor import AtFloor, Queue, floor, floor_version, queue, versions_of
from .performance import Performance, performance
from .reception import Reception, position, reception

__all__ = [
    "AtDesk",
    "AtFloor",
    "Performance",
    "Queue",
    "Reception",
    "ServiceLevel",
    "desk_of",
    "floor",
    "floor_version",
    "performance",
    "position",
    "queue",
    "reception",
    "service_level",
    "versions_of",
]
