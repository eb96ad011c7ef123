"""Whether the desk takes a call, and where a caller stands in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import DeskCall


@dataclass(frozen=True, slots=True)
class Reception:
    """Whether somebody on duty can take a call, and how many wait before it."""

    is_open: bool
    waiting: int = 0


def reception(number_id: int | None, at: datetime, *, way: str = "gateway") -> Reception:
    """Whether calls to a number of the scope's account reach a receptionist now.

    Open while one with the number's skill, whose phone can be rung, is not away.
    """
    raise NotImplementedError


def position(desk_call: DeskCall) -> int:
    """Which place a waiting caller has, 1 the next; 0 for one who waits no more."""
    raise NotImplementedError
