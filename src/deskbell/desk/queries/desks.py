"""What one receptionist has before them."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import DeskCall, Offer, Receptionist


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A receptionist as they stand now, what rings, what is in hand, what is being written down.

    The offer has its call, calls have number, account and record.
    """

    receptionist: Receptionist
    offer: Offer | None = None
    in_hand: DeskCall | None = None
    wrapping: DeskCall | None = None


def desk_of(receptionist: Receptionist) -> AtDesk:
    """All of it in three statements, in a system scope of its own."""
    raise NotImplementedError


def version(receptionist: Receptionist) -> int:
    """The number of what the desk shows, raised by every change: one indexed read."""
    raise NotImplementedError
