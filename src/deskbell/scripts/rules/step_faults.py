"""What is wrong with the steps of a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from .content import END, MESSAGE_FIELDS, Content, Kind, Step
from .fault import Fault, answer_faults, word_faults
from .walking import places_of
from .ways import asked_before, leads

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def step_faults(content: Content) -> Iterator[Fault]:
    """The faults of all steps, in their order."""
    before = asked_before(content)
    for place, step in enumerate(content.steps):
        where = f"steps.{place}"
        yield from _key_faults(content, place)
        yield from word_faults(where, "ask", step.ask)
        yield from _OF_KIND.get(step.kind, _asking_faults)(content, place)
        asked = before[place]
        if asked is None:
            yield Fault(where, f'No way leads to "{step.title}"; have a branch go there.')
        elif step.kind is Kind.BRANCH:
            yield from _branch_faults(content, place, asked)
        elif step.field:
            yield from _field_faults(content, place, asked)


def key_faults(where: str, key: str, earlier: set[str]) -> Iterator[Fault]:
    """What is wrong with a key; `earlier` are those of the parts before it."""
    if not KEY.fullmatch(key):
        words = "A key is made of small letters, digits and _, and begins with a letter."
        yield Fault(where, words, "key")
    elif key in earlier:
        yield Fault(where, f'Two have the key "{key}"; give this one another.', "key")


def _key_faults(content: Content, place: int) -> Iterator[Fault]:
    where, key = f"steps.{place}", content.steps[place].key
    if key == END:
        yield Fault(where, f'"{END}" is the end of the script; take another key.', "key")
    yield from key_faults(where, key, {each.key for each in content.steps[:place]})


def _asking_faults(content: Content, place: int) -> Iterator[Fault]:
    step, where = content.steps[place], f"steps.{place}"
    if not step.label.strip():
        yield Fault(where, "Say what the field is called.", "label")
    if step.kind is Kind.CHOICE:
        yield from _option_faults(step, where)


def _option_faults(step: Step, where: str) -> Iterator[Fault]:
    options = [each.strip().casefold() for each in step.options]
    if not any(options):
        words = "It has no options, so it cannot be answered; add at least one."
        yield Fault(where, words, "options")
    elif not all(options):
        yield Fault(where, "An option is empty; write it, or remove it.", "options")
    for place, option in enumerate(options):
        if option and option in options[:place]:
            words = f'"{step.options[place]}" is there twice; remove one.'
            yield Fault(where, words, "options")


def _saying_faults(content: Content, place: int) -> Iterator[Fault]:
    if not content.steps[place].ask.strip():
        yield Fault(f"steps.{place}", "It says nothing; write what to say.", "ask")


def _no_faults(_content: Content, _place: int) -> Iterator[Fault]:
    yield from ()


_OF_KIND: Final[dict[Kind, Callable[[Content, int], Iterator[Fault]]]] = {
    Kind.SAY: _saying_faults,
    Kind.BRANCH: _no_faults,
}


def _branch_faults(content: Content, place: int, asked: frozenset[str]) -> Iterator[Fault]:
    step, where = content.steps[place], f"steps.{place}"
    goals = {**dict.fromkeys(case.go for case in step.cases), step.otherwise: None}
    places = places_of(content)
    for words in dict.fromkeys(leads(content, place, go, places) for go in goals):
        if words:
            yield Fault(where, words, "cases")
    if not step.cases:
        # Without cases it is a way past the steps that follow, and looks at nothing.
        if not step.otherwise:
            words = "It goes on to the next step whatever is answered; say where it goes."
            yield Fault(where, words, "cases")
        return
    answers = [each for case in step.cases for each in case.answers]
    yield from answer_faults(content, asked, where, step.on, tuple(answers))
    yield from _case_faults(step, where)


def _case_faults(step: Step, where: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for case in step.cases:
        given = {each.strip().casefold() for each in case.answers} - {""}
        if not given:
            yield Fault(where, "A case has no answer; choose one, or remove it.", "cases")
        for twice in sorted(given & seen):
            yield Fault(where, f'Two cases are for "{twice}"; remove one.', "cases")
        seen |= given


def _field_faults(content: Content, place: int, asked: frozenset[str]) -> Iterator[Fault]:
    step, where = content.steps[place], f"steps.{place}"
    if step.field not in MESSAGE_FIELDS:
        fields = ", ".join(MESSAGE_FIELDS)
        yield Fault(where, f"A message has no {step.field} of its own; it has {fields}.", "field")
        return
    for other in content.steps[:place]:
        if other.field == step.field and other.key in asked:
            words = f'"{other.title}" fills the same field of the message; choose another.'
            yield Fault(where, words, "field")
