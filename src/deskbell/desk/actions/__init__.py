"""The only writes to receptionists and to the calls at the desk."""

from __future__ import annotations

from .answering import leg_ended, let_go, take_offer, wrapped_up
from .availability import go_available, go_away, seen, show
from .distribution import distribute, next_due
from .offers import claim, refuse, ring_ended, ring_own_phone
from .queue import caller_gone, come_back, join_queue, resumed

__all__ = [
    "caller_gone",
    "claim",
    "come_back",
    "distribute",
    "go_available",
    "go_away",
    "join_queue",
    "leg_ended",
    "let_go",
    "next_due",
    "refuse",
    "resumed",
    "ring_ended",
    "ring_own_phone",
    "seen",
    "show",
    "take_offer",
    "wrapped_up",
]
