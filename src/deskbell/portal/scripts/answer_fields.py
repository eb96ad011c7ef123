"""Fields that choose among the answers of a script's steps, and among its steps and levels.

Only steps that take some answers and no others decide anything: choices, and yes or no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.forms import BoundField

from deskbell.scripts.rules import END, Condition, Content, Kind, Step

from .words import Levels, title_of

APART: Final = "="
NEXT: Final = "+"
AS_OTHERS: Final = ""
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Deciding:
    """A step whose answer can decide something, with the answers that it takes."""

    key: str
    title: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick for one answer."""

    value: str
    label: str
    place: str
    is_ticked: bool


def deciding(content: Content, before: str = "", kept: Iterable[Condition] = ()) -> list[Deciding]:
    """The steps that can decide, in order; only those above the step `before` where it is given.

    `kept` are conditions that stand already: their answers can be chosen too, as long as they are
    not mended.
    """
    wanted: dict[str, list[str]] = {}
    for step in _above(content, before):
        if step.choices:
            wanted.setdefault(step.key, []).extend(step.choices)
    for each in kept:
        wanted.setdefault(each.step, []).extend(each.answers)
    return [Deciding(key, _title(content, key), _once(answers)) for key, answers in wanted.items()]


def _above(content: Content, before: str) -> Sequence[Step]:
    keys = [each.key for each in content.steps]
    return content.steps[: keys.index(before)] if before in keys else content.steps


def _title(content: Content, key: str) -> str:
    step = content.step(key)
    return title_of(step) if step else f"{key} (gone)"


def _once(answers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answers))


class AnswersField(forms.MultipleChoiceField):
    """Answers of steps, each as a box to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, among: Sequence[Deciding], **named: Any) -> None:
        self.among = among
        choices = [
            (f"{step.key}{APART}{answer}", f"{step.title}: {answer}")
            for step in among
            for answer in step.answers
        ]
        wrong = {"invalid_choice": "Choose among the answers that are shown."}
        super().__init__(choices=choices, required=False, error_messages=wrong, **named)


def ticks_of(bound: BoundField) -> list[tuple[str, list[Tick]]]:
    """The boxes of an AnswersField, step by step, each step's under its title."""
    field = cast(AnswersField, bound.field)
    ticked = set(bound.value() or [])
    number = 0
    groups = []
    for step in field.among:
        group = []
        for answer in step.answers:
            value = f"{step.key}{APART}{answer}"
            group.append(Tick(value, answer, f"{bound.auto_id}_{number}", value in ticked))
            number += 1
        groups.append((step.title, group))
    return groups


def ticked_of(conditions: Iterable[Condition]) -> list[str]:
    """Conditions as an AnswersField has them."""
    return [f"{each.step}{APART}{answer}" for each in conditions for answer in each.answers]


def conditions_of(ticked: Iterable[str]) -> tuple[Condition, ...]:
    """What an AnswersField chose, as conditions: one for each step."""
    found: dict[str, list[str]] = {}
    for each in ticked:
        key, _, answer = each.partition(APART)
        found.setdefault(key, []).append(answer)
    return tuple(Condition(key, tuple(answers)) for key, answers in found.items())


def ways_on(content: Content, branch: Step | None = None) -> Choices:
    """Where a branch may lead: the next step, a step below it, or the closing.

    A branch that is not there yet may be put anywhere, so it may lead to any. Where it leads
    already can be chosen as long as it is not mended.
    """
    keys = [each.key for each in content.steps]
    above = keys.index(branch.key) + 1 if branch and branch.key in keys else 0
    steps = {each.key: f"Go on with “{named(content, each)}”" for each in content.steps[above:]}
    leads = [each.go for each in branch.cases] + [branch.otherwise] if branch else []
    for key in leads:
        if key and key != END:
            steps.setdefault(key, f"“{_title(content, key)}”, where it cannot lead")
    return [(NEXT, "Go on with the next step"), *steps.items(), (END, "Close the call")]


def named(content: Content, step: Step) -> str:
    """What a step is called where steps are chosen."""
    if step.kind is Kind.BRANCH:
        return f"the branch on {_title(content, step.on)}" if step.on else "the branch"
    return title_of(step)


def level_choices(levels: Levels, kept: int | None, first: str) -> Choices:
    """The escalation levels, `first` for none of them; one that is gone is said to be."""
    choices = [(str(key), name) for key, name in levels.items()]
    if kept is not None and kept not in levels:
        choices.append((str(kept), "A level that is gone"))
    return [("", first), *choices]
