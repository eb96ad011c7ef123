"""What differs between two scripts, part by part, in words: before publishing, and afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from deskbell.attendant.rules.differences import Change, Difference
from deskbell.scripts.rules import Closing, Content, Faq, Kind, Relay, Step

from .words import (
    FIELDS,
    KINDS,
    Levels,
    conditions,
    either,
    level_words,
    name_of,
    sends_of,
    title_of,
    turns_of,
)

Facts = Mapping[str, str]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it is compared: what it is called, and what it says by label."""

    name: str
    facts: Facts = field(default_factory=dict)


def differences(before: Content, after: Content, levels: Levels) -> list[Difference]:
    """What became of a script: the greeting, then steps, closings, relay triggers and questions."""
    found: list[Difference] = []
    if before.greeting != after.greeting:
        change = Change("Words", before.greeting, after.greeting)
        found.append(Difference("greeting", "", "Greeting", "changed", (change,)))
    for kind, parts in _KINDS.items():
        found += _of_kind(kind, parts(before, levels), parts(after, levels))
    return found


def _of_kind(
    kind: str, before: Mapping[str, Part], after: Mapping[str, Part]
) -> Iterator[Difference]:
    for key, part in after.items():
        if key not in before:
            yield Difference(kind, key, part.name, "added", tuple(_changes({}, part.facts)))
        elif changes := tuple(_changes(before[key].facts, part.facts)):
            yield Difference(kind, key, part.name, "changed", changes)
    for key, part in before.items():
        if key not in after:
            yield Difference(kind, key, part.name, "deleted")
    old = [each for each in before if each in after]
    new = [each for each in after if each in before]
    if old != new:
        change = Change("Order", _names(before, old), _names(after, new))
        yield Difference(kind, "", f"Order of {kind}s", "changed", (change,))


def _names(parts: Mapping[str, Part], keys: Sequence[str]) -> str:
    return ", ".join(parts[key].name for key in keys)


def _changes(before: Facts, after: Facts) -> Iterator[Change]:
    for label, words in after.items():
        if before.get(label, "") != words:
            yield Change(label, before.get(label, ""), words)


def _by_key(
    rows: Sequence[Row], key: Callable[[Row], str], made: Callable[[Row], Part]
) -> Mapping[str, Part]:
    """Parts by key; of two with one key the second gets a number of its own."""
    found: dict[str, Part] = {}
    for row in rows:
        name, count = key(row), 1
        while (name if count == 1 else f"{name} ({count})") in found:
            count += 1
        found[name if count == 1 else f"{name} ({count})"] = made(row)
    return found


def _steps(content: Content, levels: Levels) -> Mapping[str, Part]:  # noqa: ARG001 as the others
    def made(step: Step) -> Part:
        if step.kind is Kind.BRANCH:
            name = f"Branch on “{name_of(content, step.on)}”" if step.on else "Branch"
            return Part(name, {"Leads": "\n".join(turns_of(content, step))})
        facts = {
            "Kind": KINDS[step.kind],
            "Label": step.label,
            "Words": step.ask,
            "Options": ", ".join(step.options),
            "Needed": "yes" if step.is_required else "no",
            "Also fills": FIELDS.get(step.field, step.field),
        }
        return Part(title_of(step), facts)

    return _by_key(content.steps, lambda step: step.key, made)


def _closings(content: Content, levels: Levels) -> Mapping[str, Part]:
    def made(closing: Closing) -> Part:
        facts = {
            "Name": closing.name,
            "Words": closing.say,
            "Only where": conditions(content, closing.when),
            "Message": sends_of(closing, levels),
            "Disposition": closing.disposition,
        }
        return Part(closing.name, facts)

    return _by_key(content.closings, lambda closing: closing.key, made)


def _relays(content: Content, levels: Levels) -> Mapping[str, Part]:
    def made(relay: Relay) -> Part:
        facts = {
            "Sends to": level_words(relay.level_id, levels),
            "Emergency": "yes" if relay.is_emergency else "no",
        }
        return Part(f"“{name_of(content, relay.step)}” is {either(relay.answers)}", facts)

    def key(relay: Relay) -> str:
        return f"{relay.step}: {sorted(relay.answers)}"

    return _by_key(content.relays, key, made)


def _faqs(content: Content, levels: Levels) -> Mapping[str, Part]:  # noqa: ARG001 as the others
    def made(faq: Faq) -> Part:
        return Part(faq.question, {"Answer": faq.answer})

    return _by_key(content.faqs, lambda faq: faq.question, made)


_KINDS: Mapping[str, Callable[[Content, Levels], Mapping[str, Part]]] = {
    "step": _steps,
    "closing": _closings,
    "relay trigger": _relays,
    "question": _faqs,
}
