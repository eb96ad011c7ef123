"""How calls out come out, as pure decisions: what a refusal means, who wins a Dial, what is told.

Source: RCML reference, sections 6 and 6a, RestComm's DialStatusCallbackTest and DialActionTest
as quoted there, RFC 3261 section 21.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Event = Literal["initiated", "ringing", "answered", "completed"]
EVENTS: Final[tuple[Event, ...]] = ("initiated", "ringing", "answered", "completed")
FINAL: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_EVENT_OF: Final[dict[str, Event]] = {
    "queued": "initiated",
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
}
_BUSY: Final = frozenset({486, 600, 603})
_ABSENT: Final = frozenset({408, 480})


def status_of_refusal(code: int) -> str:
    """The status of a call that was refused with the SIP code `code`."""
    if code in _BUSY:
        return "busy"
    if code in _ABSENT:
        return "no-answer"
    return "canceled" if code == 487 else "failed"


# Status callbacks


def event_of(status: str) -> Event:
    """The event that a call's status is told as."""
    return "completed" if status in FINAL else _EVENT_OF[status]


@dataclass(frozen=True, slots=True)
class Notice:
    """One status callback: its CallStatus and SequenceNumber."""

    status: str
    number: int


class Notices:
    """The status callbacks of one call: each event once, in order, and only those asked for.

    The number is the event's place among the four, so that an unavailable callee's are 0, 1, 3
    (DialStatusCallbackTest). `wanted` empty is all of them (RCML; the documentation says completed
    alone, its engine and the hosted one tell all four).
    """

    __slots__ = ("_told", "_wanted")

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        self._wanted = frozenset(wanted) or frozenset(EVENTS)
        self._told = -1

    def of(self, status: str) -> Notice | None:
        """The notice that a change to `status` brings, None for none."""
        event = event_of(status)
        number = EVENTS.index(event)
        if number <= self._told:
            return None
        self._told = number
        shown = {"initiated": "initiated", "answered": "answered"}.get(event, status)
        return Notice(shown, number) if event in self._wanted else None


# A Dial's race


@dataclass(frozen=True, slots=True)
class Command:
    """What the race wants done to one of its calls.

    `screen` runs the callee's document, `bridge` connects caller and callee, `end` ends a call
    that rings or is being screened.
    """

    act: Literal["screen", "bridge", "end"]
    branch: int


@dataclass(slots=True)
class _Branch:
    state: Literal["calling", "screening", "bridged", "over"] = "calling"
    status: str = ""
    code: int = 0


class Race:
    """Who gets the caller, of all that a Dial rings at once: the first who answers and accepts.

    `screened` says for each branch whether it has a document to accept by. Every method gives what
    is to be done now, in order.
    """

    def __init__(self, screened: Sequence[bool]) -> None:
        self._screened = tuple(screened)
        self._branches = [_Branch() for _ in screened]
        self._timed_out = False
        self._caller_left = False

    @property
    def winner(self) -> int | None:
        """The branch that is, or was, connected."""
        for at, branch in enumerate(self._branches):
            if branch.state == "bridged" or branch.status == "completed":
                return at
        return None

    @property
    def is_over(self) -> bool:
        """Whether nobody rings, is screened or is connected any more."""
        return all(branch.state == "over" for branch in self._branches)

    @property
    def is_ringing(self) -> bool:
        """Whether somebody may still answer or accept."""
        return any(branch.state in {"calling", "screening"} for branch in self._branches)

    def answers(self, at: int) -> list[Command]:
        """Branch `at` was answered."""
        branch = self._branches[at]
        if branch.state != "calling":
            return []
        if self._screened[at]:
            branch.state = "screening"
            return [Command("screen", at)]
        return self._connect(at)

    def accepts(self, at: int) -> list[Command]:
        """Whoever answered branch `at` has heard its document and stayed."""
        return self._connect(at) if self._branches[at].state == "screening" else []

    def declines(self, at: int) -> list[Command]:
        """Whoever answered branch `at` was not to be connected, or left before."""
        branch = self._branches[at]
        if branch.state != "screening":
            return []
        branch.state, branch.status = "over", "no-answer"
        return [Command("end", at)]

    def ends(self, at: int, status: str, code: int = 0) -> list[Command]:
        """Branch `at`'s call is over with `status`, and the SIP code where it was refused."""
        branch = self._branches[at]
        if branch.state != "over":
            was_bridged = branch.state == "bridged"
            branch.status = "completed" if was_bridged else _unconnected(status)
            branch.state = "over"
        branch.code = branch.code or code
        return []

    def times_out(self) -> list[Command]:
        """Nobody may ring any longer; who is being screened may still accept."""
        self._timed_out = True
        return self._end_all({"calling"}, "no-answer")

    def loses_caller(self) -> list[Command]:
        """The caller has left."""
        self._caller_left = True
        return self._end_all({"calling", "screening", "bridged"}, "canceled")

    def status(self) -> str:
        """What the action is told as DialCallStatus.

        Connected is completed, whatever the others did. Else a caller who left is canceled; then
        the most hopeful of what the callees did counts: no answer, busy, failed.
        """
        if self.winner is not None:
            return "completed"
        if self._caller_left:
            return "canceled"
        found = {branch.status for branch in self._branches}
        if self._timed_out:
            found.add("no-answer")
        for status in ("no-answer", "busy", "canceled"):
            if status in found:
                return status
        return "failed"

    def shown(self) -> int | None:
        """The branch whose sid and SIP code the action is told: the winner, else the last."""
        if self.winner is not None:
            return self.winner
        return len(self._branches) - 1 if self._branches else None

    def status_of(self, at: int) -> str:
        """How branch `at` came out, empty as long as it has not."""
        return self._branches[at].status

    def code(self, at: int) -> int:
        """The SIP code that branch `at` was refused with, 0 for none."""
        return self._branches[at].code

    def _connect(self, at: int) -> list[Command]:
        self._branches[at].state = "bridged"
        others = self._end_all({"calling", "screening"}, "canceled")
        return [*others, Command("bridge", at)]

    def _end_all(self, states: set[str], status: str) -> list[Command]:
        commands = []
        for at, branch in enumerate(self._branches):
            if branch.state in states:
                branch.status = "completed" if branch.state == "bridged" else status
                branch.state = "over"
                commands.append(Command("end", at))
        return commands


def _unconnected(status: str) -> str:
    """A callee who answered and left before anybody was connected has not taken the call."""
    return "no-answer" if status == "completed" else status
