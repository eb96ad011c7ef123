"""The parts of a script as they are edited: found, put in, moved and taken out. All pure.

A step and a closing are found by their keys, a relay trigger and a question by their place,
counted from 1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from deskbell.foundation.errors import NotFound
from deskbell.scripts.rules import END, Case, Closing, Content, Kind, Step

from .words import title_of

KEYED: Final = frozenset({"steps", "closings"})
NAMES: Final = {
    "steps": "step",
    "closings": "closing",
    "relays": "relay trigger",
    "faqs": "question",
}
LONGEST_KEY: Final = 60


@dataclass(frozen=True, slots=True)
class Loss:
    """What a step's removal changes besides; `is_fault` where somebody has to mend it."""

    words: str
    is_fault: bool = False


def checked_part(part: str) -> str:
    """The name of a kind of parts, as in an address. Raises NotFound for any other."""
    if part not in NAMES:
        raise NotFound("A script has no such part")
    return part


def ids_of(content: Content, part: str) -> list[str]:
    """How each of the parts of a kind is found."""
    rows = getattr(content, part)
    return [each.key if part in KEYED else str(place) for place, each in enumerate(rows, start=1)]


def place_of(content: Content, part: str, which: str) -> int:
    """Where a part stands, from 0. Raises NotFound."""
    ids = ids_of(content, part)
    if which not in ids:
        raise NotFound(f"This script has no such {NAMES[part]} any more")
    return ids.index(which)


def find(content: Content, part: str, which: str) -> Any:
    """One part. Raises NotFound."""
    return getattr(content, part)[place_of(content, part, which)]


def _with(content: Content, part: str, rows: tuple[Any, ...]) -> Content:
    changed: dict[str, Any] = {part: rows}
    return replace(content, **changed)


def put(content: Content, part: str, which: str, value: Any) -> Content:
    """The script with a part replaced. Raises NotFound."""
    place = place_of(content, part, which)
    rows = getattr(content, part)
    return _with(content, part, (*rows[:place], value, *rows[place + 1 :]))


def add(content: Content, part: str, value: Any, *, after: str | None = None) -> Content:
    """The script with a part more: behind another, first where `after` is empty, else last."""
    rows = getattr(content, part)
    ids = ids_of(content, part)
    place = 0 if after == "" else ids.index(after) + 1 if after in ids else len(rows)
    return _with(content, part, (*rows[:place], value, *rows[place:]))


def ordered(content: Content, part: str, ids: Sequence[str]) -> Content:
    """The parts in another order. Raises NotFound where these are not the parts that there are."""
    there = ids_of(content, part)
    if sorted(ids) != sorted(there):
        raise NotFound("Somebody added or removed one meanwhile; put them in order again")
    by_id = dict(zip(there, getattr(content, part), strict=True))
    return _with(content, part, tuple(by_id[each] for each in ids))


def moved(ids: Sequence[str], which: str, by: int) -> list[str]:
    """The ids with one moved up (-1) or down (1); as they are where it cannot go there."""
    found = list(ids)
    here = found.index(which) if which in found else -1
    there = here + by
    if here >= 0 and 0 <= there < len(found):
        found[here], found[there] = found[there], found[here]
    return found


def without(content: Content, part: str, which: str) -> Content:
    """The script without a part.

    What led to a step leads to the one that followed it; branches and relay triggers that look at
    its answer go with it. Closings that do stay as they are, and are a fault until they are mended.
    """
    place = place_of(content, part, which)
    rows = getattr(content, part)
    rest = _with(content, part, (*rows[:place], *rows[place + 1 :]))
    return _without_uses(rest, which, _after(content, place)) if part == "steps" else rest


def _after(content: Content, place: int) -> str:
    following = content.steps[place + 1 : place + 2]
    return following[0].key if following else END


def _without_uses(content: Content, key: str, after: str) -> Content:
    if content.step(key):  # a draft had two of one key
        return content
    kept = [each for each in content.steps if not _looks_at(each, key)]
    gone = {each.key for each in content.steps} - {each.key for each in kept}
    if after in gone:
        after = ""
    steps = tuple(_led_past(each, key, after) for each in kept)
    rest = replace(content, steps=steps)
    relays = tuple(each for each in rest.relays if each.step != key)
    return replace(rest, relays=relays)


def _looks_at(step: Step, key: str) -> bool:
    return step.kind is Kind.BRANCH and step.on == key


def _led_past(step: Step, key: str, after: str) -> Step:
    cases = tuple(Case(each.answers, after if each.go == key else each.go) for each in step.cases)
    return replace(step, cases=cases, otherwise=after if step.otherwise == key else step.otherwise)


def losses(content: Content, key: str) -> list[Loss]:
    """What a step's removal changes besides, in the script's order."""
    place = place_of(content, "steps", key)
    after = _after(content, place)
    follows = content.step(after)
    then = f"goes on with “{title_of(follows)}”" if follows else "closes the call"
    found = [
        Loss("A branch that depends on its answer goes too")
        for each in content.steps
        if _looks_at(each, key)
    ]
    found += [
        Loss(f"A branch that leads here {then} instead")
        for each in content.steps
        if each.kind is Kind.BRANCH and not _looks_at(each, key) and _leads(each, key)
    ]
    found += [
        Loss(
            f"The closing “{each.name}” looks at its answer: mend it before you publish",
            is_fault=True,
        )
        for each in content.closings
        if _waits_for(each, key)
    ]
    found += [
        Loss("A relay trigger on its answer goes too")
        for each in content.relays
        if each.step == key
    ]
    return found


def _leads(step: Step, key: str) -> bool:
    return step.otherwise == key or any(each.go == key for each in step.cases)


def _waits_for(closing: Closing, key: str) -> bool:
    return any(each.step == key for each in closing.when)


def free_key(wanted: str, taken: Collection[str]) -> str:
    """A key made of words, which nobody has: "When did it start?" is when_did_it_start."""
    plain = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:LONGEST_KEY].strip("_")
    base = plain or "step"
    if base == END:
        base = "the_end"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key
