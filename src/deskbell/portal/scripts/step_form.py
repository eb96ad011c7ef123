"""The form of a step, of whatever kind: what does not belong to the kind is not shown.

A branch has, for each answer of the step that it looks at, where that answer leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.forms import BoundField

from deskbell.scripts.rules import Case, Condition, Content, Kind, Step

from ..attendant.forms import mark_of
from .answer_fields import AS_OTHERS, NEXT, Deciding, deciding, named, ways_on
from .frame import SheetForm
from .part_forms import LONGEST_LABEL, LONGEST_WORDS, words_area
from .parts import free_key
from .words import FIELDS, KINDS

LAST: Final = "last"
FIRST: Final = "first"


class StepForm(SheetForm):
    """One step; `place` only where it is new."""

    kind = forms.ChoiceField(
        label="Kind", choices=[(each.value, words) for each, words in KINDS.items()]
    )
    label = forms.CharField(
        label="Label",
        required=False,
        max_length=LONGEST_LABEL,
        help_text="What the answer is called: beside its field, and in the message.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ask = forms.CharField(
        label="What to say", required=False, max_length=LONGEST_WORDS, widget=words_area(2)
    )
    options = forms.CharField(
        label="Options",
        required=False,
        max_length=20_000,
        help_text="One in each line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field = forms.ChoiceField(
        label="Also fills",
        required=False,
        choices=[("", "Nothing else"), *FIELDS.items()],
        help_text="A field of the message, beside the script's own answers.",
    )
    is_required = forms.BooleanField(label="An answer is needed", required=False)
    on = forms.ChoiceField(label="Which answer decides", required=False)
    otherwise = forms.ChoiceField(label="In every other case", required=False)
    place = forms.ChoiceField(label="Where", required=False)

    def __init__(
        self, data: Any, *, content: Content, kept: Step | None = None, after: str = LAST
    ) -> None:
        self.among = deciding(content, before=kept.key if kept else "", kept=_held(kept))
        self.ways = ways_on(content, kept)
        part = shown_step(kept) if kept else None
        super().__init__(data, made=self._go_fields(), part=part)
        self._choose(
            "on",
            [
                ("", "None: it always leads the same way"),
                *((each.key, each.title) for each in self.among),
            ],
        )
        self._choose("otherwise", self.ways)
        if kept:
            del self.fields["place"]
        else:
            self._place(content, after)

    def _go_fields(self) -> dict[str, forms.Field]:
        choices = [(AS_OTHERS, "As in every other case"), *self.ways]
        return {
            go_name(step.key, answer): forms.ChoiceField(
                label=answer, required=False, choices=choices
            )
            for step in self.among
            for answer in step.answers
        }

    def _place(self, content: Content, after: str) -> None:
        behind = [(each.key, f"After “{named(content, each)}”") for each in content.steps]
        self._choose("place", [(LAST, "At the end"), (FIRST, "At the beginning"), *behind])
        self.initial.update(place=after, otherwise=NEXT)

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def ways_of(self) -> list[tuple[Deciding, list[BoundField]]]:
        """For each step that can decide: where each of its answers leads."""
        return [
            (step, [self[go_name(step.key, answer)] for answer in step.answers])
            for step in self.among
        ]

    def clean(self) -> dict[str, Any]:
        """What its kind needs."""
        found = super().clean() or self.cleaned_data
        kind = found.get("kind", "")
        needed = {
            Kind.SAY.value: ("ask", "What is the receptionist to say?"),
            Kind.BRANCH.value: ("otherwise", "Choose where it leads."),
        }
        name, words = needed.get(kind, ("label", "Name what is asked, as “First name”."))
        if kind and not found.get(name):
            self.add_error(name, words)
        if kind == Kind.CHOICE.value and len(_lines(found.get("options", ""))) < 2:
            self.add_error("options", "A choice needs two options, each in a line of its own.")
        return found

    def made(self, kept: Step | None, content: Content) -> Step:
        """What the form says; a new step gets a key of its own."""
        said = self.cleaned_data
        kind = Kind(said["kind"])
        key = kept.key if kept else free_key(self._wanted_key(kind), _keys(content))
        if kind is Kind.BRANCH:
            return Step(
                key, kind, on=said["on"], cases=self._cases(said["on"]), otherwise=self._otherwise()
            )
        if kind is Kind.SAY:
            return Step(key, kind, ask=said["ask"])
        return Step(
            key=key,
            kind=kind,
            label=said["label"],
            ask=said["ask"],
            field=said["field"],
            is_required=said["is_required"],
            options=_lines(said["options"]) if kind is Kind.CHOICE else (),
        )

    def _wanted_key(self, kind: Kind) -> str:
        if kind in {Kind.SAY, Kind.BRANCH}:
            return kind.value
        return str(self.cleaned_data["field"] or self.cleaned_data["label"])

    def _otherwise(self) -> str:
        chosen = self.cleaned_data["otherwise"]
        return "" if chosen in {"", NEXT} else str(chosen)

    def _cases(self, on: str) -> tuple[Case, ...]:
        """The answers that lead somewhere of their own, those that lead to the same together."""
        answers = next((each.answers for each in self.among if each.key == on), ())
        by_way: dict[str, list[str]] = {}
        for answer in answers:
            way = self.cleaned_data.get(go_name(on, answer), AS_OTHERS)
            if way != AS_OTHERS:
                by_way.setdefault(way, []).append(answer)
        return tuple(
            Case(tuple(answers), "" if way == NEXT else way) for way, answers in by_way.items()
        )

    @property
    def after(self) -> str | None:
        """Behind which step a new one is put: empty for the first place, None for the last."""
        chosen = self.cleaned_data.get("place", LAST)
        return {FIRST: "", LAST: None, "": None}.get(chosen, chosen)


def go_name(key: str, answer: str) -> str:
    """The field that says where an answer to a step leads."""
    return f"go-{key}-{mark_of(key, answer)}"


def _held(kept: Step | None) -> list[Condition]:
    if kept is None or kept.kind is not Kind.BRANCH or not kept.on:
        return []
    return [Condition(kept.on, tuple(answer for case in kept.cases for answer in case.answers))]


def _keys(content: Content) -> set[str]:
    return {each.key for each in content.steps}


def _lines(text: str) -> tuple[str, ...]:
    written = (line.strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in written if line))


def shown_step(step: Step) -> Mapping[str, Any]:
    """What the form shows of a step."""
    ways = {
        go_name(step.on, answer): case.go or NEXT
        for case in reversed(step.cases)
        for answer in case.answers
    }
    return {
        "kind": step.kind.value,
        "label": step.label,
        "ask": step.ask,
        "options": "\n".join(step.options),
        "field": step.field,
        "is_required": step.is_required,
        "on": step.on,
        "otherwise": step.otherwise or NEXT,
        **ways,
    }
