"""A script as a form: what `templates/portal/scripts/form.html` shows, and what it sends.

The desk takes a message with it, and the preview tries a script with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from deskbell.scripts.rules import Condition, Content, Kind, Spoken, Step, said

from .words import Levels, relay_sends, relay_when, sends_of, turns_of, when_of

PREFIX: Final = "answer-"
MOST_RADIOS: Final = 8
INPUTS: Final = {Kind.DATE: "date", Kind.PHONE: "tel", Kind.EMAIL: "email"}


@dataclass(frozen=True, slots=True)
class Row:
    """A step as the form shows it.

    `place` is its field's id, `shape` line, long, radios or select; `data` what the script in the
    page knows of it, as JSON; `turns` a branch in words.
    """

    kind: str
    label: str
    ask: str
    name: str
    place: str
    shape: str
    input: str
    options: tuple[str, ...]
    is_required: bool
    value: str
    fault: str
    attributes: SafeString
    data: str
    turns: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A closing or a relay trigger as the form shows it."""

    name: str
    when: str
    says: str
    sends: str
    is_emergency: bool
    data: str


def posted_answers(posted: QueryDict | Mapping[str, Any]) -> dict[str, str]:
    """The answers that the form sent, by step key, as they were typed."""
    return {
        name.removeprefix(PREFIX): str(posted[name]).replace("\0", "")
        for name in posted
        if name.startswith(PREFIX)
    }


def spoken_words(text: str, spoken: Spoken | None) -> str:
    """Words to say with the variables put in, as they are where nothing is known of them."""
    return said(text, spoken) if spoken else text


def rows_of(
    content: Content,
    answers: Mapping[str, str],
    spoken: Spoken | None = None,
    faults: Mapping[str, str] | None = None,
) -> list[Row]:
    """Every step of a script, with what was answered and what is wrong with it."""
    return [
        _row(content, step, answers.get(step.key, ""), spoken, (faults or {}).get(step.key, ""))
        for step in content.steps
    ]


def _row(content: Content, step: Step, value: str, spoken: Spoken | None, fault: str) -> Row:
    place = f"{PREFIX}{step.key}"
    return Row(
        kind=step.kind.value,
        label=step.label,
        ask=spoken_words(step.ask, spoken),
        name=f"{PREFIX}{step.key}",
        place=place,
        shape=_shape(step),
        input=INPUTS.get(step.kind, "text"),
        options=step.choices,
        is_required=step.is_required,
        value=value,
        fault=fault,
        attributes=_attributes(step, place, fault),
        data=_data(step),
        turns=" ".join(turns_of(content, step)) if step.kind == Kind.BRANCH else "",
    )


def _shape(step: Step) -> str:
    if step.kind in {Kind.CHOICE, Kind.YES_NO}:
        return "radios" if len(step.choices) <= MOST_RADIOS else "select"
    return "long" if step.kind == Kind.LONG_TEXT else "line"


def _attributes(step: Step, place: str, fault: str) -> SafeString:
    described = [f"{place}-ask"] if step.ask else []
    described += [f"{place}-fault"] if fault else []
    wanted = {
        "aria-required": "true" if step.is_required else "",
        "aria-invalid": "true" if fault else "",
        "aria-describedby": " ".join(described),
    }
    return format_html_join("", ' {}="{}"', ((name, text) for name, text in wanted.items() if text))


def _data(step: Step) -> str:
    turns = [{"answers": list(each.answers), "go": each.go} for each in step.cases]
    known = {"key": step.key, "kind": step.kind.value, "on": step.on}
    return json.dumps({**known, "cases": turns, "otherwise": step.otherwise})


def endings_of(content: Content, spoken: Spoken | None, levels: Levels | None) -> list[Ending]:
    """Every closing of a script, in the order in which they are tried."""
    return [
        Ending(
            name=closing.name,
            when=when_of(content, closing),
            says=spoken_words(closing.say, spoken),
            sends=sends_of(closing, levels) if levels is not None else "",
            is_emergency=False,
            data=_fits(closing.key, closing.when),
        )
        for closing in content.closings
    ]


def relays_of(content: Content, levels: Levels | None) -> list[Ending]:
    """Every relay trigger of a script, in the order in which they are tried."""
    return [
        Ending(
            name="",
            when=relay_when(content, relay),
            says="",
            sends=relay_sends(relay, levels or {}),
            is_emergency=relay.is_emergency,
            data=_fits(str(place), [Condition(relay.step, relay.answers)]),
        )
        for place, relay in enumerate(content.relays, start=1)
    ]


def _fits(key: str, when: Iterable[Condition]) -> str:
    wanted = [{"step": each.step, "answers": list(each.answers)} for each in when]
    return json.dumps({"key": key, "when": wanted})
