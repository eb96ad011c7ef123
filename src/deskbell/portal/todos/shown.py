"""What pages say of a To Do: what it is, when it runs, where it stands, what became of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deskbell.foundation.numbers import for_people
from deskbell.todos import queries
from deskbell.todos.models import DeliveryType, Run, RunState, ToDo
from deskbell.todos.rules import in_words


@dataclass(frozen=True, slots=True)
class Mark:
    """How something looks: an icon and a tone (one of the badge colours)."""

    icon: str
    tone: str


MARKS: Final = {
    DeliveryType.SMS: Mark(icon="message", tone="secondary"),
    DeliveryType.EMAIL: Mark(icon="mail", tone="secondary"),
    DeliveryType.CALL: Mark(icon="phone-outgoing", tone="secondary"),
}
KIND_WORDS: Final = {
    DeliveryType.SMS: "Text",
    DeliveryType.EMAIL: "Email",
    DeliveryType.CALL: "Call",
}
RUN_MARKS: Final = {
    RunState.WAITING: Mark(icon="clock", tone="secondary"),
    RunState.SENDING: Mark(icon="send", tone="primary"),
    RunState.SENT: Mark(icon="circle-check", tone="success"),
    RunState.FAILED: Mark(icon="alert-triangle", tone="danger"),
    RunState.MISSED: Mark(icon="clock-x", tone="warning"),
    RunState.UNKNOWN: Mark(icon="help-circle", tone="warning"),
    RunState.STOPPED: Mark(icon="player-stop", tone="secondary"),
}
RUN_WORDS: Final = {
    RunState.WAITING: "Waiting",
    RunState.SENDING: "Under way",
    RunState.SENT: "Sent",
    RunState.FAILED: "Failed",
    RunState.MISSED: "Missed",
    RunState.UNKNOWN: "Unknown",
    RunState.STOPPED: "Stopped",
}
CALL_WORDS: Final = {RunState.SENT: "Answered"}
EXPLAINED: Final = {
    RunState.MISSED: "Deskbell was not running when it was due, and an hour later was too late.",
    RunState.UNKNOWN: "Deskbell was interrupted while it went out. It may have arrived, so it was"
    " not sent again.",
}
_QUIET: Final = Mark(icon="point", tone="secondary")
STANDINGS: Final = {
    queries.Standing.ACTIVE: ("Active", "success"),
    queries.Standing.PAUSED: ("Paused", "warning"),
    queries.Standing.DONE: ("Ended", "secondary"),
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run, how it looks, and what came back."""

    run: Run
    mark: Mark
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A To Do in the list."""

    to_do: ToDo
    mark: Mark
    kind: str
    contact: str
    says: str
    when: str
    state: str
    tone: str
    last: RunLine | None


def line_of(to_do: ToDo, last: Run | None) -> Line:
    """A To Do with the latest of its runs, for the list."""
    state, tone = standing(to_do)
    kind = DeliveryType(to_do.delivery_type)
    return Line(
        to_do=to_do,
        mark=MARKS[kind],
        kind=KIND_WORDS[kind],
        contact=contact_words(to_do),
        says=to_do.subject or to_do.message_text or to_do.instructions or "",
        when=in_words(to_do.schedule.rule, to_do.schedule.times),
        state=state,
        tone=tone,
        last=run_line(last, kind) if last else None,
    )


def kind_words(to_do: ToDo) -> str:
    """What it is, in a word."""
    return KIND_WORDS[DeliveryType(to_do.delivery_type)]


def contact_words(to_do: ToDo) -> str:
    """To whom it goes, a number as people write it."""
    is_email = to_do.delivery_type == DeliveryType.EMAIL
    return to_do.contact if is_email else for_people(to_do.contact)


def standing(to_do: ToDo) -> tuple[str, str]:
    """Where it stands, in a word, and the tone of it."""
    if to_do.is_sending:
        return "Under way", "primary"
    return STANDINGS[queries.standing(to_do)]


def run_line(run: Run, kind: str) -> RunLine:
    """A run as the history shows it."""
    state = RunState(run.state)
    words = RUN_WORDS.get(state, run.get_state_display())
    if kind == DeliveryType.CALL:
        words = CALL_WORDS.get(state, words)
    return RunLine(run, RUN_MARKS.get(state, _QUIET), words, run.answer or EXPLAINED.get(state, ""))


def run_lines(runs: Sequence[Run], kind: str) -> list[RunLine]:
    """Runs as the history shows them."""
    return [run_line(each, kind) for each in runs]
