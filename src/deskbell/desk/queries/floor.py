"""What supervisors see: the queue, and who does what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import DeskCall, Offer, Receptionist


@dataclass(frozen=True, slots=True)
class AtFloor:
    """A receptionist, with what they do: the offer that rings, or the call in hand or written."""

    receptionist: Receptionist
    offer: Offer | None = None
    desk_call: DeskCall | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Who waits, the next one first, and all receptionists by name."""

    waiting: Sequence[DeskCall]
    receptionists: Sequence[AtFloor]


def floor() -> Floor:
    """All of the desk now, in four statements, in a system scope of its own."""
    raise NotImplementedError


def floor_version() -> int:
    """The number of what the floor shows: one indexed read."""
    raise NotImplementedError
