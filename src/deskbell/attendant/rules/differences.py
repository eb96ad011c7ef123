"""What differs between two plans, in words for people: before publishing, and in the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from deskbell.foundation.dates import dates_words, day_words, hours_words

from .actions import Action
from .edits import SYSTEM_ACTIONS
from .merging import Key, Part, merge, parts_of
from .plans import Plan
from .words import NOWHERE, action_words, names_of

__all__ = ["Change", "Difference", "differences", "merge"]

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, in words; empty for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that was added, changed or deleted.

    `kind` is announcement, menu, system, schedule or number, `what` added, changed or deleted.
    `sid` is the part's; a schedule's is its system's, a number's is the number. Something that was
    deleted has no changes: nobody needs to read what it was to know that it goes.
    """

    kind: str
    sid: str
    name: str
    what: str
    changes: tuple[Change, ...] = ()


def differences(before: Plan, after: Plan) -> list[Difference]:
    """What became of `before`, part by part, in the order of `after` and what was deleted last.

    The week and the special days of a system are one schedule. In which order parts stand makes
    no difference.
    """
    old, new = parts_of(before), parts_of(after)
    was, becomes = names_of(before), names_of(after)
    found: dict[tuple[str, str], Difference] = {}
    for key in {**new, **old}:
        one, other = old.get(key), new.get(key)
        if one == other or _goes_without_saying(key, old, new):
            continue
        kind = "schedule" if key[0] in {"week", "dates"} else key[0]
        changes = tuple(_changes(key[0], one, other, was, becomes)) if other else ()
        what = "changed" if one and other else "added" if other else "deleted"
        earlier = found.get((kind, key[1]))
        if earlier:
            changes = (*earlier.changes, *changes)
            what = "changed" if earlier.what != what else what
        name = (other or one or Part(None, "")).name
        found[kind, key[1]] = Difference(kind, key[1], name, what, changes)
    return list(found.values())


def _goes_without_saying(key: Key, old: Mapping[Key, Part], new: Mapping[Key, Part]) -> bool:
    """Whether this is an empty schedule that came with its system, or one that goes with it."""
    if key[0] not in {"week", "dates"}:
        return False
    return key not in new or (key not in old and not new[key].value)


def _changes(
    kind: str, one: Part | None, other: Part, was: Names, becomes: Names
) -> Iterator[Change]:
    before = _VIEWS[kind](one, was) if one else {}
    after = _VIEWS[kind](other, becomes)
    for label in {**after, **before}:
        if before.get(label, "") != after.get(label, ""):
            yield Change(label, before.get(label, ""), after.get(label, ""))


def _announcement(part: Part, _names: Names) -> dict[str, str]:
    one = part.value
    heard = {"say": "Speaks its text", "play": "Plays a file"}.get(one.type, one.type)
    return {
        "Name": one.name,
        "Description": one.description,
        "Kind": heard,
        "Text": one.body if one.type == "say" else "",
        "Language": one.language,
        "Voice": one.voice,
        "File": f"{one.audio[:8]}…" if one.audio else "",
    }


def _menu(part: Part, names: Names) -> dict[str, str]:
    menu = part.value
    return {
        "Name": menu.name,
        "Colour": menu.color_code,
        "Announcement": _name(menu.announcement, names),
        "While it rings": _name(menu.ringback_tone, names),
        **{f"Key {key}": action_words(action, names) for key, action in sorted(menu.keys)},
        "Seconds of silence": _number(menu.timeout_seconds),
        "Silences allowed": _number(menu.timeout_max_occurance),
        "Action after silence": action_words(menu.timeout_action, names),
        "System": names.get(part.system, ""),
    }


def _system(part: Part, names: Names) -> dict[str, str]:
    system = part.value
    actions: dict[str, Action | None] = {
        words.capitalize(): getattr(system, attribute) for attribute, words in SYSTEM_ACTIONS
    }
    return {
        "Name": system.name,
        "Description": system.description,
        "Status": system.status.capitalize(),
        "Time zone": system.time_zone,
        "Numbers": ", ".join(system.numbers),
        "Extensions": ", ".join(system.extensions),
        "Direct dialling": "on" if system.direct_dialling else "",
        "Seconds of silence": _number(system.timeout_seconds),
        "Silences allowed": _number(system.timeout_max_occurance),
        "Wrong keys allowed": _number(system.invalid_input_max_occurance),
        "Wrong extensions allowed": _number(system.invalid_extension_max_occurance),
        **{label: action_words(action, names) for label, action in actions.items()},
        "Apology": _name(system.apology, names),
        "Messages go to": f"level {system.voicemail_level}" if system.voicemail_level else "",
    }


def _week(part: Part, names: Names) -> dict[str, str]:
    days: dict[str, list[str]] = defaultdict(list)
    for entry in part.value:
        hours = hours_words(entry.start, entry.end)
        days[day_words(entry.day)].append(f"{hours} {names.get(entry.menu, NOWHERE)}")
    return {day: ", ".join(lines) for day, lines in days.items()}


def _dates(part: Part, names: Names) -> dict[str, str]:
    ordered = sorted(part.value, key=lambda span: span.start)
    return {dates_words(span.start, span.end): names.get(span.menu, NOWHERE) for span in ordered}


def _number_part(part: Part, _names: Names) -> dict[str, str]:
    number = part.value
    return {
        "Kind": "Extension" if number.is_extension else "Attendant number",
        "Extension number": number.extension,
        "Spoken name": number.spoken_name,
    }


_VIEWS: Final[Mapping[str, Callable[[Part, Names], dict[str, str]]]] = {
    "announcement": _announcement,
    "menu": _menu,
    "system": _system,
    "week": _week,
    "dates": _dates,
    "number": _number_part,
}


def _name(sid: str, names: Names) -> str:
    return names.get(sid, NOWHERE) if sid else ""


def _number(value: Any) -> str:
    return "" if value is None else str(value)
