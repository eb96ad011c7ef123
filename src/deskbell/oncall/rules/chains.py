"""What happens to a message at one instant of its way: one decision for engine and forecast.

From where a message stands, and a board that says who is on call, `decide` says what happens now,
where the message then stands, and when it goes on. Nothing here knows a database, so that "what if
a message came at …" and what then really happens cannot differ.
Source: design, on call, "Escalation"; seed 000, "Repeat Escalation Levels", "Chain Escalation
Levels".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from .steps import Waits, goes_again, next_step

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)
# Calendars change while a message is held: somebody may be put on call before the next shift.
HELD_LOOK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Rung:
    """A level as its chain knows it. `loops` is how often a message may go on from here where that
    leads back; 0 where it does not lead back."""

    level_id: int
    name: str
    repeat: int = 0
    repeat_seconds: int = 300
    wait_seconds: int = 300
    following: int | None = None
    loops: int = 0
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: its level, the attempts made there, and how often it went on from
    each level that may lead back."""

    level_id: int | None
    attempt: int = 0
    loops: Mapping[int, int] = field(default_factory=dict)


class Board(Protocol[M_co]):
    """Who is on call and what follows what, at any instant. `M_co` is a way to reach somebody."""

    def rung(self, level_id: int) -> Rung | None:
        """A level; None where it is gone."""

    def first(self) -> Rung | None:
        """The level that a message without one starts at."""

    def on_call(self, level_id: int, at: datetime) -> Sequence[M_co]:
        """Who is on call on a level at an instant."""

    def level_fallback(self, level_id: int) -> Sequence[M_co]:
        """Who is reached where nobody is on call on that level."""

    def account_fallback(self) -> Sequence[M_co]:
        """Who is reached where nobody is on call and the level has no fallback of its own."""

    def next_shift(self, level_id: int, at: datetime) -> datetime | None:
        """When somebody is next on call on a level after an instant."""


class Kind(StrEnum):
    """What can happen on a message's way."""

    ATTEMPT = "attempt"
    FALLBACK = "fallback"
    HELD = "held"
    SKIPPED = "skipped"
    LEFT = "left"
    EXHAUSTED = "exhausted"
    NOWHERE = "nowhere"
    STARTED_AGAIN = "started again"


class Why(StrEnum):
    """Why a level is left."""

    UNANSWERED = "nobody acknowledged"
    NOBODY = "nobody is on call"
    FAILED = "nothing could be delivered"
    PASSED_ON = "somebody passed it on"
    DELETED = "the level is deleted"
    NO_LEVELS = "there are no levels any more"


@dataclass(frozen=True, slots=True)
class Happening(Generic[M]):
    """One thing that happens: an attempt by `methods`, a hold until `until`, or a level left for
    `following`, or for nothing more, because of `why` after `waited` seconds."""

    kind: Kind
    rung: Rung | None
    attempt: int = 0
    methods: tuple[M, ...] = ()
    why: Why | None = None
    following: Rung | None = None
    waited: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision(Generic[M]):
    """What happens now, in order; where the message then stands; when it goes on, if it does."""

    happenings: tuple[Happening[M], ...]
    place: Place
    next_at: datetime | None = None

    @property
    def last(self) -> Happening[M]:
        """What it comes to."""
        return self.happenings[-1]


def decide(board: Board[M], place: Place, at: datetime) -> Decision[M]:
    """The step that is due at `at` for a message that stands at `place`."""
    way = _Way(board, place, at)
    rung = None if place.level_id is None else board.rung(place.level_id)
    if rung is None:
        return way.start()
    waits = waits_of(board, rung, place.loops)
    if goes_again(waits, place.attempt):
        return way.try_from(rung, place.attempt + 1)
    return way.leave(rung, Why.UNANSWERED, waited=waits.leaving)


def leave(board: Board[M], place: Place, at: datetime, why: Why) -> Decision[M] | None:
    """The message leaves its level at once; None where it is on none."""
    rung = None if place.level_id is None else board.rung(place.level_id)
    return None if rung is None else _Way(board, place, at).leave(rung, why)


def onward(board: Board[M], rung: Rung, loops: Mapping[int, int]) -> Rung | None:
    """The level that follows for a message that went round so often; None at the chain's end."""
    if rung.following is None or (rung.loops and loops.get(rung.level_id, 0) >= rung.loops):
        return None
    return board.rung(rung.following)


def waits_of(board: Board[M], rung: Rung, loops: Mapping[int, int]) -> Waits:
    """A level's waits; the end of the chain has its own, for a message that may not go round any
    more too."""
    is_last = onward(board, rung, loops) is None
    return Waits(rung.repeat, rung.repeat_seconds, rung.wait_seconds, is_last=is_last)


class _Way(Generic[M]):
    """One message's way within one instant."""

    def __init__(self, board: Board[M], place: Place, at: datetime) -> None:
        self._board, self._at, self._came_from = board, at, place.level_id
        self._attempts = place.attempt
        self._loops = dict(place.loops)
        self._happenings: list[Happening[M]] = []

    def start(self) -> Decision[M]:
        """The message has no level, or one that is gone: it starts at the first."""
        was_on_level = self._came_from is not None
        rung = self._board.first()
        if rung is not None:
            if was_on_level:
                self._happenings.append(Happening(Kind.STARTED_AGAIN, rung))
            return self.try_from(rung, 1)
        kind = Kind.EXHAUSTED if was_on_level else Kind.NOWHERE
        self._happenings.append(Happening(kind, None, why=Why.NO_LEVELS))
        return self._decided(Place(self._came_from, self._attempts, self._loops))

    def leave(self, rung: Rung, why: Why, waited: int = 0) -> Decision[M]:
        """On to the level that follows, or the end."""
        following = self._go_on(rung, why, set(), self._attempts, waited)
        if following is None:
            return self._decided(Place(rung.level_id, self._attempts, self._loops))
        return self.try_from(following, 1)

    def try_from(self, rung: Rung, number: int) -> Decision[M]:
        """Attempt `number` on a level; where nobody is there, the first on the next that has
        somebody."""
        left: set[int] = set()
        while (decided := self._attempt(rung, number)) is None:
            left.add(rung.level_id)
            following = self._go_on(rung, Why.NOBODY, left, number - 1)
            if following is None:
                return self._decided(Place(rung.level_id, number - 1, self._loops))
            rung, number = following, 1
        return decided

    def _go_on(
        self, rung: Rung, why: Why, left: set[int], attempt: int, waited: int = 0
    ) -> Rung | None:
        """Says why a level is left, and what follows. Nobody comes on call within an instant, so
        one that was `left` in it is the end."""
        following = onward(self._board, rung, self._loops)
        if following is not None and following.level_id in left:
            following = None
        if following is None:
            kind = Kind.EXHAUSTED
        else:
            kind = Kind.SKIPPED if why is Why.NOBODY else Kind.LEFT
            if rung.loops:
                self._loops[rung.level_id] = self._loops.get(rung.level_id, 0) + 1
        self._happenings.append(
            Happening(kind, rung, attempt, why=why, following=following, waited=waited)
        )
        return following

    def _attempt(self, rung: Rung, number: int) -> Decision[M] | None:
        board, at = self._board, self._at
        methods, kind = board.on_call(rung.level_id, at), Kind.ATTEMPT
        if not methods:
            methods, kind = board.level_fallback(rung.level_id), Kind.FALLBACK
        if not methods and rung.holds:
            shift = board.next_shift(rung.level_id, at)
            if shift is not None:
                return self._hold(rung, number, shift)
        methods = methods or board.account_fallback()
        if not methods:
            return None
        self._happenings.append(Happening(kind, rung, number, tuple(methods)))
        due = next_step(waits_of(board, rung, self._loops), number, at).at
        return self._decided(Place(rung.level_id, number, self._loops), due)

    def _hold(self, rung: Rung, number: int, shift: datetime) -> Decision[M]:
        self._happenings.append(Happening(Kind.HELD, rung, number, until=shift))
        look = min(shift, self._at + HELD_LOOK)
        return self._decided(Place(rung.level_id, number - 1, self._loops), look)

    def _decided(self, place: Place, next_at: datetime | None = None) -> Decision[M]:
        return Decision(tuple(self._happenings), place, next_at)
