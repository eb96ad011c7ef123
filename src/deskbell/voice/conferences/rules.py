"""Who waits and who talks in a conference, as pure decisions.

Source: RCML reference, section 6b; https://www.twilio.com/docs/voice/twiml/conference: nobody talks
before somebody whose presence starts it is there and is not alone; whoever is alone hears what is
for waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MemberState = Literal["waiting", "talking", "held", "out"]
Reason = Literal[
    "conference-ended-via-api",
    "participant-with-end-conference-on-exit-left",
    "participant-with-end-conference-on-exit-kicked",
    "last-participant-left",
    "last-participant-kicked",
]


class Full(Exception):
    """The conference takes nobody else."""


@dataclass(slots=True)
class Seat:
    """One member's terms, and what was done to it since."""

    starts: bool = True
    ends: bool = False
    is_muted: bool = False
    is_held: bool = False


class Seats:
    """The members of one conference, by the sid of their call."""

    def __init__(self) -> None:
        self.has_begun = False
        self._seats: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def __getitem__(self, sid: str) -> Seat:
        return self._seats[sid]

    def __contains__(self, sid: str) -> bool:
        return sid in self._seats

    def get(self, sid: str) -> Seat | None:
        """A member's seat, None for who is not in."""
        return self._seats.get(sid)

    def enter(self, sid: str, seat: Seat, *, most: int) -> bool:
        """Takes a member in; whether the conference begins with it. Raises Full."""
        if len(self._seats) >= most:
            raise Full(f"{most} members are the most")
        self._seats[sid] = seat
        begins = not self.has_begun and self._may_begin()
        self.has_begun = self.has_begun or begins
        return begins

    def leave(self, sid: str, *, is_kicked: bool = False) -> Reason | None:
        """Lets a member go; why the conference is over with that, None where it goes on."""
        seat = self._seats.pop(sid, None)
        if seat is None:
            return None
        if seat.ends:
            return (
                "participant-with-end-conference-on-exit-kicked"
                if is_kicked
                else "participant-with-end-conference-on-exit-left"
            )
        if not self._seats:
            return "last-participant-kicked" if is_kicked else "last-participant-left"
        return None

    def state(self, sid: str) -> MemberState:
        """What a member does now."""
        seat = self._seats.get(sid)
        if seat is None:
            return "out"
        if seat.is_held:
            return "held"
        return "talking" if self.has_begun and len(self._seats) > 1 else "waiting"

    def _may_begin(self) -> bool:
        return len(self._seats) > 1 and any(seat.starts for seat in self._seats.values())
