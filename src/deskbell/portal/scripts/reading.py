"""A script as people read it: what is said, what is asked in which order, what closes the call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from deskbell.scripts.rules import (
    Case,
    Closing,
    Content,
    Faq,
    Fault,
    Kind,
    Relay,
    Send,
    Spoken,
    Step,
)

from .saying import said_html
from .words import (
    FIELDS,
    GONE,
    KINDS,
    Levels,
    destination,
    either,
    name_of,
    relay_when,
    title_of,
    when_of,
)


@dataclass(frozen=True, slots=True)
class Level:
    """What becomes of a message, after "The message": a verb, and the level with its page."""

    verb: str
    name: str = ""
    url: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One way out of a branch: on which answers, where to, and where on the page that is.

    `when` is empty where no answer decides.
    """

    when: str
    then: str
    place: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step; `number` counts what is said and asked, a branch has none."""

    step: Step
    number: int
    title: str
    kind: str
    says: SafeString
    fills: str
    turns: tuple[Turn, ...]
    faults: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its id on the page."""
        return f"steps-{self.step.key}"

    @property
    def which(self) -> str:
        """How it is found among the steps."""
        return self.step.key

    @property
    def is_branch(self) -> bool:
        """Whether it only decides how to go on."""
        return self.step.kind is Kind.BRANCH


@dataclass(frozen=True, slots=True)
class ShownClosing:
    """A closing: when it holds, what is said, and where the message goes."""

    closing: Closing
    which: str
    when: str
    says: SafeString
    level: Level
    faults: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its id on the page."""
        return f"closings-{self.which}"


@dataclass(frozen=True, slots=True)
class ShownRelay:
    """A relay trigger: on which answers, and which level."""

    relay: Relay
    which: str
    when: str
    level: Level
    faults: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its id on the page."""
        return f"relays-{self.which}"


@dataclass(frozen=True, slots=True)
class ShownFaq:
    """What callers ask, and what to tell them."""

    faq: Faq
    which: str
    answer: SafeString
    faults: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its id on the page."""
        return f"faqs-{self.which}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole script as it is shown; `faults` are those of the whole."""

    greeting: SafeString
    greeting_faults: tuple[str, ...]
    steps: list[ShownStep]
    closings: list[ShownClosing]
    relays: list[ShownRelay]
    faqs: list[ShownFaq]
    faults: tuple[str, ...]


def reading_of(
    content: Content, spoken: Spoken, levels: Levels, faults: Collection[Fault] = ()
) -> Reading:
    """A script with its variables put in; `faults` stand beside what they are about."""
    at = _by_place(faults)
    return Reading(
        greeting=said_html(content.greeting, spoken),
        greeting_faults=at.get("greeting", ()),
        steps=_steps(content, spoken, at),
        closings=[
            ShownClosing(
                each,
                each.key,
                when_of(content, each),
                said_html(each.say, spoken),
                _sent(each, levels),
                at.get(f"closings.{place}", ()),
            )
            for place, each in enumerate(content.closings)
        ],
        relays=[
            ShownRelay(
                each,
                str(place + 1),
                relay_when(content, each),
                _level(each.level_id, levels),
                at.get(f"relays.{place}", ()),
            )
            for place, each in enumerate(content.relays)
        ],
        faqs=[
            ShownFaq(
                each, str(place + 1), said_html(each.answer, spoken), at.get(f"faqs.{place}", ())
            )
            for place, each in enumerate(content.faqs)
        ],
        faults=at.get("", ()),
    )


def _by_place(faults: Iterable[Fault]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in faults:
        found[each.where] = (*found.get(each.where, ()), each.words)
    return found


def _steps(content: Content, spoken: Spoken, at: Mapping[str, tuple[str, ...]]) -> list[ShownStep]:
    shown: list[ShownStep] = []
    number = 0
    for place, step in enumerate(content.steps):
        number += step.kind is not Kind.BRANCH
        shown.append(
            ShownStep(
                step=step,
                number=number,
                title=_title(content, step),
                kind=KINDS[step.kind],
                says=said_html(step.ask, spoken),
                fills=FIELDS.get(step.field, ""),
                turns=tuple(_turns(content, step)),
                faults=at.get(f"steps.{place}", ()),
            )
        )
    return shown


def _title(content: Content, step: Step) -> str:
    if step.kind is not Kind.BRANCH:
        return title_of(step)
    return f"Depends on “{name_of(content, step.on)}”" if step.on else "In every case"


def _turns(content: Content, step: Step) -> Iterable[Turn]:
    if step.kind is not Kind.BRANCH:
        return
    for case in (*step.cases, Case((), step.otherwise)):
        when = either(case.answers) or ("Anything else" if step.on else "")
        leads = content.step(case.go)
        place = f"steps-{leads.key}" if leads else ""
        yield Turn(when, destination(content, case.go), place)


def _sent(closing: Closing, levels: Levels) -> Level:
    match closing.send:
        case Send.LEVEL:
            return _level(closing.level_id or 0, levels)
        case Send.CHECK_IN:
            return Level("is kept, and read out when the client calls in")
        case Send.NOBODY:
            return Level("is kept in the portal, and nobody is told")
        case _:
            return _level(None, levels)


def _level(level_id: int | None, levels: Levels) -> Level:
    """The level of that id, and the account's first for None."""
    found = next(iter(levels), None) if level_id is None else level_id
    if found is None:
        return Level("waits in the portal, as there is no escalation level yet")
    if found not in levels:
        return Level("goes to", GONE, is_gone=True)
    return Level("goes to", levels[found], reverse("oncall:level", args=[found]))
