"""What may be done with a call in a receptionist's hands, and what follows who comes and goes.

Pure: where a call stands (`Hand`) and what happens to it (`Event`) give where it stands next, the
orders for who carries it, and the stage that its record enters; or why it may not be. The table has
a line for every pair. Two promises hold in it and are tested: nobody stays alone in a room unless
somebody is on the way to them, and a caller is never let go because a receptionist's phone was
lost. Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class How(StrEnum):
    """How somebody is called into a call.

    `BLIND`: the receptionist leaves at once. `ANNOUNCED`: the receptionist speaks with them first.
    `LIVE_PATCH`: whoever is on call, one after the other, until somebody takes it; the receptionist
    stays until then. `OUT`: whom an outgoing call is for.
    """

    BLIND = "blind"
    ANNOUNCED = "announced"
    LIVE_PATCH = "live_patch"
    OUT = "out"


class Hand(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"  # in the queue
    DIALLING = "dialling"  # an outgoing call that nobody has answered yet
    TALKING = "talking"
    HELD = "held"
    CALLING = "calling"  # the caller is held while somebody is rung
    CONSULTING = "consulting"  # the caller is held, receptionist and party talk
    CONFERRING = "conferring"  # all three talk
    PASSING = "passing"  # the receptionist is out, the party is rung, the caller hears music
    PASSED = "passed"  # caller and party talk
    OVER = "over"


class Event(StrEnum):
    """What receptionists do, and what is reported of those in a call."""

    HOLD = "hold"
    UNHOLD = "unhold"
    SEND = "send"
    ANNOUNCE = "announce"
    PATCH = "patch"
    COMPLETE = "complete"
    TAKE_BACK = "take_back"
    CONFER = "confer"
    HANG_UP = "hang_up"
    PARTY_ANSWERED = "party_answered"
    PARTY_TOOK = "party_took"  # who is on call pressed 1 and wants the caller
    PARTY_LEFT = "party_left"  # or was never reached
    CALLER_LEFT = "caller_left"
    RECEPTIONIST_LEFT = "receptionist_left"  # hung up
    RECEPTIONIST_LOST = "receptionist_lost"  # the phone, its line or its page is gone


PRESSED: Final = tuple(Event)[:9]  # what receptionists do
REPORTED: Final = tuple(Event)[9:]  # what happens by itself


class Who(StrEnum):
    """The people in a room."""

    CALLER = "caller"
    RECEPTIONIST = "receptionist"
    PARTY = "party"


class Order(StrEnum):
    """What is asked of who carries the call, in the order given."""

    HOLD = "hold"
    UNHOLD = "unhold"
    CALL = "call"
    DROP_PARTY = "drop_party"
    DROP_RECEPTIONIST = "drop_receptionist"
    DROP_CALLER = "drop_caller"
    QUEUE = "queue"


class Stage(StrEnum):
    """The stages of a call's record that hands lead to; the words of `calls.models.Stage`."""

    WAIT = "wait"
    TALK = "talk"
    HOLD = "hold"
    TRANSFER = "transfer"
    CONFERENCE = "conference"
    CONFERENCE_HOLD = "conference_hold"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a call stands next, what is asked for that, and the stage it enters; None: no other."""

    to: Hand
    orders: tuple[Order, ...] = ()
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done now, and what would be right."""

    words: str


PEOPLE: Final[dict[Hand, frozenset[Who]]] = {
    Hand.WAITING: frozenset({Who.CALLER}),
    Hand.DIALLING: frozenset({Who.RECEPTIONIST}),
    Hand.TALKING: frozenset({Who.CALLER, Who.RECEPTIONIST}),
    Hand.HELD: frozenset({Who.CALLER, Who.RECEPTIONIST}),
    Hand.CALLING: frozenset({Who.CALLER, Who.RECEPTIONIST}),
    Hand.CONSULTING: frozenset(Who),
    Hand.CONFERRING: frozenset(Who),
    Hand.PASSING: frozenset({Who.CALLER}),
    Hand.PASSED: frozenset({Who.CALLER, Who.PARTY}),
    Hand.OVER: frozenset(),
}
# Somebody is on the way to whoever is alone there: a receptionist, or who is being rung.
MAY_BE_ALONE: Final = frozenset({Hand.WAITING, Hand.DIALLING, Hand.PASSING})
# Somebody is being rung there whose answer moves the call.
RINGS: Final = frozenset({Hand.DIALLING, Hand.CALLING, Hand.PASSING})


def stands(*, state: str, is_held: bool, is_reached: bool, party: str) -> Hand:
    """Where a call stands by its rows.

    `state` is its `DeskCallState`, `party` the `PartyState` of who is called into it now (empty:
    nobody), `is_reached` false while an outgoing call has not reached whom it is for.
    """
    if state == "passed_on":
        return Hand.PASSED if party == "talking" else Hand.PASSING
    if state not in {"waiting", "in_hand"}:
        return Hand.OVER
    if not is_reached:
        return Hand.DIALLING
    if state == "waiting":
        return Hand.WAITING
    return _IN_HAND.get((party, is_held), Hand.HELD if is_held else Hand.TALKING)


_IN_HAND: Final = {
    ("calling", True): Hand.CALLING,
    ("calling", False): Hand.CALLING,
    ("talking", True): Hand.CONSULTING,
    ("talking", False): Hand.CONFERRING,
}


def after(hand: Hand, event: Event) -> Move | Refusal:
    """What follows when `event` happens to a call that stands so.

    What is reported is never refused; what comes late or twice changes nothing.
    """
    return _TABLE[hand].get(event) or _otherwise(hand, event)


def _otherwise(hand: Hand, event: Event) -> Move | Refusal:
    if event not in PRESSED:
        return Move(hand)
    if hand in _NOT_IN_HAND:
        return Refusal(_NOT_IN_HAND[hand])
    return Refusal(_NOT_NOW[event])


_NOT_IN_HAND: Final = {
    Hand.WAITING: "The caller waits in the queue again; answer the call first",
    Hand.DIALLING: "Nobody has answered yet; wait for it, or hang up",
    Hand.PASSING: "The call has been passed on already",
    Hand.PASSED: "The call has been passed on already",
    Hand.OVER: "The call is over",
}
_SOMEBODY: Final = "Somebody has been called into this call already; take the caller back first"
_NOBODY: Final = "Nobody else is in this call; transfer it first"
_NOT_NOW: Final = {
    Event.HOLD: "The caller is on hold already",
    Event.UNHOLD: "Somebody is being called for the caller; take the caller back to talk",
    Event.SEND: _SOMEBODY,
    Event.ANNOUNCE: _SOMEBODY,
    Event.PATCH: _SOMEBODY,
    Event.COMPLETE: _NOBODY,
    Event.TAKE_BACK: _NOBODY,
    Event.CONFER: "Nobody else has answered yet; a call of three needs somebody to talk to",
    Event.HANG_UP: "The call is over",
}

_ALL_OUT: Final = (Order.DROP_PARTY, Order.DROP_CALLER, Order.DROP_RECEPTIONIST)
_TWO_OUT: Final = (Order.DROP_CALLER, Order.DROP_RECEPTIONIST)
_BACK: Final = Move(Hand.TALKING, (Order.DROP_PARTY, Order.UNHOLD), Stage.TALK)
_UNWANTED: Final = Move(Hand.OVER, (Order.DROP_PARTY,))
# Whoever has the caller on hold, and hangs up, has passed the caller on to whom they called.
_LEFT_TO_PARTY: Final = Move(Hand.PASSED, (Order.UNHOLD,), Stage.TRANSFER)
_PARTY_AND_RECEPTIONIST: Final = (Order.DROP_PARTY, Order.DROP_RECEPTIONIST)

_WITH_CALLER: Final[dict[Event, Move | Refusal]] = {
    Event.ANNOUNCE: Move(Hand.CALLING, (Order.HOLD, Order.CALL), Stage.HOLD),
    Event.PATCH: Move(Hand.CALLING, (Order.HOLD, Order.CALL), Stage.HOLD),
    Event.HANG_UP: Move(Hand.OVER, _TWO_OUT),
    Event.PARTY_ANSWERED: Move(Hand.TALKING, (Order.DROP_PARTY,)),
    Event.PARTY_TOOK: Move(Hand.TALKING, (Order.DROP_PARTY,)),
    Event.CALLER_LEFT: Move(Hand.OVER, (Order.DROP_RECEPTIONIST,)),
    Event.RECEPTIONIST_LEFT: Move(Hand.OVER, (Order.DROP_CALLER,)),
    Event.RECEPTIONIST_LOST: Move(Hand.WAITING, (Order.QUEUE,), Stage.WAIT),
}

_TABLE: Final[dict[Hand, dict[Event, Move | Refusal]]] = {
    Hand.WAITING: {
        Event.PARTY_ANSWERED: Move(Hand.WAITING, (Order.DROP_PARTY,)),
        Event.PARTY_TOOK: Move(Hand.WAITING, (Order.DROP_PARTY,)),
        Event.CALLER_LEFT: Move(Hand.OVER),
    },
    Hand.DIALLING: {
        Event.HANG_UP: Move(Hand.OVER, _PARTY_AND_RECEPTIONIST),
        Event.PARTY_ANSWERED: Move(Hand.TALKING, (), Stage.TALK),
        Event.PARTY_TOOK: Move(Hand.TALKING, (), Stage.TALK),
        Event.PARTY_LEFT: Move(Hand.OVER, (Order.DROP_RECEPTIONIST,)),
        Event.CALLER_LEFT: Move(Hand.OVER, (Order.DROP_RECEPTIONIST,)),
        Event.RECEPTIONIST_LEFT: _UNWANTED,
        Event.RECEPTIONIST_LOST: _UNWANTED,
    },
    Hand.TALKING: {
        **_WITH_CALLER,
        Event.HOLD: Move(Hand.HELD, (Order.HOLD,), Stage.HOLD),
        Event.UNHOLD: Move(Hand.TALKING),
        Event.SEND: Move(Hand.PASSING, (Order.CALL, Order.DROP_RECEPTIONIST), Stage.TRANSFER),
    },
    Hand.HELD: {
        **_WITH_CALLER,
        Event.HOLD: Move(Hand.HELD),
        Event.UNHOLD: Move(Hand.TALKING, (Order.UNHOLD,), Stage.TALK),
        Event.TAKE_BACK: Move(Hand.TALKING, (Order.UNHOLD,), Stage.TALK),
        Event.SEND: Move(
            Hand.PASSING, (Order.CALL, Order.DROP_RECEPTIONIST, Order.UNHOLD), Stage.TRANSFER
        ),
        Event.PARTY_ANSWERED: Move(Hand.HELD, (Order.DROP_PARTY,)),
        Event.PARTY_TOOK: Move(Hand.HELD, (Order.DROP_PARTY,)),
        Event.RECEPTIONIST_LOST: Move(Hand.WAITING, (Order.UNHOLD, Order.QUEUE), Stage.WAIT),
    },
    Hand.CALLING: {
        Event.COMPLETE: Move(Hand.PASSING, (Order.DROP_RECEPTIONIST, Order.UNHOLD), Stage.TRANSFER),
        Event.TAKE_BACK: _BACK,
        Event.HANG_UP: Move(Hand.OVER, _ALL_OUT),
        Event.PARTY_ANSWERED: Move(Hand.CONSULTING),
        Event.PARTY_TOOK: Move(
            Hand.PASSED, (Order.DROP_RECEPTIONIST, Order.UNHOLD), Stage.TRANSFER
        ),
        Event.PARTY_LEFT: Move(Hand.HELD),
        Event.CALLER_LEFT: Move(Hand.OVER, _PARTY_AND_RECEPTIONIST),
        Event.RECEPTIONIST_LEFT: Move(Hand.PASSING, (Order.UNHOLD,), Stage.TRANSFER),
        Event.RECEPTIONIST_LOST: Move(
            Hand.WAITING, (Order.DROP_PARTY, Order.UNHOLD, Order.QUEUE), Stage.WAIT
        ),
    },
    Hand.CONSULTING: {
        Event.CONFER: Move(Hand.CONFERRING, (Order.UNHOLD,), Stage.CONFERENCE),
        Event.UNHOLD: Move(Hand.CONFERRING, (Order.UNHOLD,), Stage.CONFERENCE),
        Event.HOLD: Move(Hand.CONSULTING),
        Event.COMPLETE: Move(Hand.PASSED, (Order.UNHOLD, Order.DROP_RECEPTIONIST), Stage.TRANSFER),
        Event.TAKE_BACK: _BACK,
        Event.HANG_UP: Move(Hand.OVER, _ALL_OUT),
        Event.PARTY_LEFT: Move(Hand.HELD, (), Stage.HOLD),
        Event.CALLER_LEFT: Move(Hand.OVER, _PARTY_AND_RECEPTIONIST),
        Event.RECEPTIONIST_LEFT: _LEFT_TO_PARTY,
        Event.RECEPTIONIST_LOST: Move(
            Hand.WAITING, (Order.DROP_PARTY, Order.UNHOLD, Order.QUEUE), Stage.WAIT
        ),
    },
    Hand.CONFERRING: {
        Event.CONFER: Move(Hand.CONFERRING),
        Event.UNHOLD: Move(Hand.CONFERRING),
        Event.HOLD: Move(Hand.CONSULTING, (Order.HOLD,), Stage.CONFERENCE_HOLD),
        Event.COMPLETE: Move(Hand.PASSED, (Order.DROP_RECEPTIONIST,), Stage.TRANSFER),
        Event.TAKE_BACK: Move(Hand.TALKING, (Order.DROP_PARTY,), Stage.TALK),
        Event.HANG_UP: Move(Hand.OVER, _ALL_OUT),
        Event.PARTY_LEFT: Move(Hand.TALKING, (), Stage.TALK),
        Event.CALLER_LEFT: Move(Hand.OVER, _PARTY_AND_RECEPTIONIST),
        Event.RECEPTIONIST_LEFT: Move(Hand.PASSED, (), Stage.TRANSFER),
        Event.RECEPTIONIST_LOST: Move(Hand.PASSED, (), Stage.TRANSFER),
    },
    Hand.PASSING: {
        Event.PARTY_ANSWERED: Move(Hand.PASSED),
        Event.PARTY_TOOK: Move(Hand.PASSED),
        Event.PARTY_LEFT: Move(Hand.WAITING, (Order.QUEUE,), Stage.WAIT),
        Event.CALLER_LEFT: _UNWANTED,
    },
    Hand.PASSED: {
        Event.PARTY_LEFT: Move(Hand.OVER, (Order.DROP_CALLER,)),
        Event.CALLER_LEFT: _UNWANTED,
    },
    Hand.OVER: {
        Event.PARTY_ANSWERED: _UNWANTED,
        Event.PARTY_TOOK: _UNWANTED,
    },
}
