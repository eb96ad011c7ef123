"""Conferences: rooms of an account that calls join by name, what is told of them, and by whom."""

from __future__ import annotations

from .meeting import Meeting, Member
from .register import Conferences
from .rules import Full, MemberState, Reason, Seat, Seats

__all__ = [
    "Conferences",
    "Full",
    "Meeting",
    "Member",
    "MemberState",
    "Reason",
    "Seat",
    "Seats",
]
