"""What a receptionist does, and what each thing that happens makes of it: the one state table.

Everything that changes a receptionist goes through `after`, for every pair of standing and event.
What a report brings too late changes nothing (`LATE`); what a person asks at the wrong moment is
refused in words. Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from deskbell.foundation.errors import Conflict

MOST_MISSED: Final = 2
NOT_ANSWERED: Final = "Two calls were not answered"
PAGE_CLOSED: Final = "Your desk page was closed"


class Standing(StrEnum):
    """What a receptionist does now; the same words as `models.Standing`."""

    AWAY = "away"
    AVAILABLE = "available"
    RINGING = "ringing"
    IN_CALL = "in_call"
    WRAPPING = "wrapping"


class Event(StrEnum):
    """What can happen to a receptionist."""

    GO_AVAILABLE = "go_available"
    GO_AWAY = "go_away"
    RUNG = "rung"  # a caller's call is offered
    CALLS_OUT = "calls_out"  # the own phone rings for a call of their own
    MISSED = "missed"  # nobody answered the ring
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # somebody else has the call, or the caller is gone
    FAILED = "failed"  # the phone cannot be rung
    RING_LOST = "ring_lost"  # the gateway cannot ring just now: nobody's fault here
    ANSWERED = "answered"
    CALL_ENDED = "call_ended"
    CALL_PASSED_ON = "call_passed_on"  # it goes on without them
    LEG_LOST = "leg_lost"  # the own leg ended, and nobody hung up
    GATEWAY_LOST = "gateway_lost"  # with everything that it carried
    CAME_BACK = "came_back"  # the call that is being written down waits again
    WRAPPED_UP = "wrapped_up"
    WRAP_TIME_OVER = "wrap_time_over"
    PAGE_LOST = "page_lost"


class Order(StrEnum):
    """What whoever applies an event has to see to, in the same transaction."""

    END_RING = "end_ring"  # the ring for the offer ends, and the caller is rung for elsewhere
    QUEUE_AGAIN = "queue_again"  # the call in hand goes back to where it waited
    START_WRAP = "start_wrap"  # the clock of writing down runs
    DISTRIBUTE = "distribute"  # somebody is free


@dataclass(frozen=True, slots=True)
class State:
    """How a receptionist stands. `missed` counts rings in a row that came to nothing."""

    standing: Standing
    leaves_after: bool = False
    missed: int = 0
    away_because: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """How they stand then, and what is to be done; `is_late` where nothing changed."""

    state: State
    orders: tuple[Order, ...] = ()
    is_late: bool = False


class _Turn(StrEnum):
    """What one cell of the table says."""

    LATE = "late"
    REFUSED = "refused"
    GO = "go"  # to the standing beside it
    FREE = "free"  # available, or away for who leaves after this
    MISS = "miss"  # as free, and one more that came to nothing
    LEAVE_AFTER = "leave_after"
    STAY_AFTER = "stay_after"


@dataclass(frozen=True, slots=True)
class _Cell:
    turn: _Turn
    to: Standing | None = None
    orders: tuple[Order, ...] = ()
    words: str = ""


_LATE: Final = _Cell(_Turn.LATE)
_FREE: Final = _Cell(_Turn.FREE, orders=(Order.DISTRIBUTE,))
_MISS: Final = _Cell(_Turn.MISS, orders=(Order.DISTRIBUTE,))
_STAY: Final = _Cell(_Turn.STAY_AFTER)
_LEAVE: Final = _Cell(_Turn.LEAVE_AFTER)
_WRAP: Final = _Cell(_Turn.GO, Standing.WRAPPING, (Order.START_WRAP,))
_AGAIN: Final = _Cell(_Turn.FREE, orders=(Order.QUEUE_AGAIN, Order.DISTRIBUTE))


def _no(words: str) -> _Cell:
    return _Cell(_Turn.REFUSED, words=words)


_RINGS_ELSEWHERE: Final = _no("They are rung for another call already")
_TALKS: Final = _no("They are in a call")
_WRITES: Final = _no("They still write down their last call")
_IS_AWAY: Final = _no("They are away")
_BUSY_OUT: Final = _no("Your phone rings for a caller; answer it, or refuse it first")
_TALK_OUT: Final = _no("You are in a call; end it before you call somebody else")
_WRITE_OUT: Final = _no("Finish what you write down before you call somebody")

AWAY, AVAILABLE, RINGING, IN_CALL, WRAPPING = Standing
# One row for each event: away, available, ringing, in a call, wrapping up.
_ROWS: Final[Mapping[Event, tuple[_Cell, _Cell, _Cell, _Cell, _Cell]]] = {
    Event.GO_AVAILABLE: (
        _Cell(_Turn.GO, AVAILABLE, (Order.DISTRIBUTE,)),
        _Cell(_Turn.GO, AVAILABLE),
        _STAY,
        _STAY,
        _STAY,
    ),
    Event.GO_AWAY: (
        _Cell(_Turn.GO, AWAY),
        _Cell(_Turn.GO, AWAY),
        _Cell(_Turn.GO, AWAY, (Order.END_RING, Order.DISTRIBUTE)),
        _LEAVE,
        _LEAVE,
    ),
    Event.RUNG: (_IS_AWAY, _Cell(_Turn.GO, RINGING), _RINGS_ELSEWHERE, _TALKS, _WRITES),
    Event.CALLS_OUT: (
        _Cell(_Turn.GO, RINGING),
        _Cell(_Turn.GO, RINGING),
        _BUSY_OUT,
        _TALK_OUT,
        _WRITE_OUT,
    ),
    Event.MISSED: (_LATE, _LATE, _MISS, _LATE, _LATE),
    Event.REFUSED: (_LATE, _LATE, _FREE, _LATE, _LATE),
    Event.WITHDRAWN: (_LATE, _LATE, _FREE, _LATE, _LATE),
    Event.FAILED: (_LATE, _LATE, _MISS, _LATE, _LATE),
    Event.RING_LOST: (_LATE, _LATE, _FREE, _LATE, _LATE),
    Event.ANSWERED: (_LATE, _LATE, _Cell(_Turn.GO, IN_CALL), _LATE, _LATE),
    Event.CALL_ENDED: (_LATE, _LATE, _LATE, _WRAP, _LATE),
    Event.CALL_PASSED_ON: (_LATE, _LATE, _LATE, _WRAP, _LATE),
    Event.LEG_LOST: (_LATE, _LATE, _LATE, _AGAIN, _LATE),
    Event.GATEWAY_LOST: (_LATE, _LATE, _FREE, _AGAIN, _LATE),
    Event.CAME_BACK: (_LATE, _LATE, _LATE, _LATE, _FREE),
    Event.WRAPPED_UP: (
        _LATE,
        _LATE,
        _LATE,
        _no("The call is still going on; hang up or pass it on first"),
        _FREE,
    ),
    Event.WRAP_TIME_OVER: (_LATE, _LATE, _LATE, _LATE, _FREE),
    Event.PAGE_LOST: (_LATE, _Cell(_Turn.GO, AWAY), _LATE, _LATE, _LATE),
}
TABLE: Final[Mapping[tuple[Standing, Event], _Cell]] = MappingProxyType(
    {
        (standing, event): cell
        for event, row in _ROWS.items()
        for standing, cell in zip(Standing, row, strict=True)
    }
)
_STARTS_AFRESH: Final = frozenset({Event.GO_AVAILABLE, Event.ANSWERED})


def after(state: State, event: Event, *, words: str = "") -> After:
    """How a receptionist stands after an event; pure.

    `words` say why they are away where that is not their own doing. A receptionist who was away and
    calls out is away again afterwards. Raises Conflict, in words, for what cannot be now.
    """
    cell = TABLE[state.standing, event]
    if cell.turn is _Turn.REFUSED:
        raise Conflict(cell.words)
    if cell.turn is _Turn.LATE:
        return After(state, is_late=True)
    if cell.turn in {_Turn.LEAVE_AFTER, _Turn.STAY_AFTER}:
        then = replace(state, leaves_after=cell.turn is _Turn.LEAVE_AFTER)
        return After(then, cell.orders)
    return After(_moved(state, event, cell, words), cell.orders)


def _moved(state: State, event: Event, cell: _Cell, words: str) -> State:
    """The state in another standing."""
    missed = 0 if event in _STARTS_AFRESH else state.missed
    if cell.turn is _Turn.MISS:
        missed += 1
        if missed >= MOST_MISSED:
            return State(AWAY, away_because=words or NOT_ANSWERED)
    to = cell.to or (AWAY if state.leaves_after else AVAILABLE)
    if to is AWAY:
        because = (words or PAGE_CLOSED) if event is Event.PAGE_LOST else ""
        return State(AWAY, away_because=because)
    leaves = state.leaves_after or (event is Event.CALLS_OUT and state.standing is AWAY)
    return State(to, leaves_after=leaves and to is not AVAILABLE, missed=missed)
