"""Reads of the desk: who waits, who answers, what a receptionist has before them."""

from __future__ import annotations

from .desks import AtDesk, desk_of, version
from .figures import ServiceLevel, service_level
from .floor import AtFloor, Floor, floor, floor_version
from .reception import Reception, position, reception

__all__ = [
    "AtDesk",
    "AtFloor",
    "Floor",
    "Reception",
    "ServiceLevel",
    "desk_of",
    "floor",
    "floor_version",
    "position",
    "reception",
    "service_level",
    "version",
]
