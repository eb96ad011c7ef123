"""Differences between plans as people read them: with names for levels, and each in one line."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from deskbell.attendant.rules.differences import Change, Difference, differences
from deskbell.attendant.rules.plans import Plan
from deskbell.foundation.numbers import for_people as number_words
from deskbell.oncall.queries import levels

MOST_LABELS: Final = 4
NAMES_OF_DAYS: Final = (*calendar.day_name, *calendar.month_name[1:])
OWN_WORDS: Final = {"Name", "Description", "Text"}
LEVEL: Final = re.compile(r'\blevel (\d+)\b(?!")')


def told(before: Plan, after: Plan) -> list[Difference]:
    """The differences, with the names of escalation levels, which plans do not know; one query."""
    found = differences(before, after)
    named = {str(each.pk): each.name for each in levels()} if found else {}
    return [
        replace(each, changes=tuple(_named(change, named) for change in each.changes))
        for each in found
    ]


def _named(change: Change, levels: Mapping[str, str]) -> Change:
    if change.label in OWN_WORDS:
        return change

    def name_of(match: re.Match[str]) -> str:
        return levels.get(match[1], "a level that was deleted")

    before, after = (LEVEL.sub(name_of, words) for words in (change.before, change.after))
    return replace(change, before=before, after=after)


def difference_words(found: Difference) -> str:
    """A line for a difference: `Menu “Night” changes: keys, announcement`."""
    name = number_words(found.name) if found.kind == "number" else found.name
    named = f"{found.kind.capitalize()} “{name}”"
    if found.what != "changed":
        return f"{named} is {found.what}"
    labels = list(dict.fromkeys(_within(each.label) for each in found.changes))
    more = f" and {len(labels) - MOST_LABELS} more" if len(labels) > MOST_LABELS else ""
    return f"{named} changes: {', '.join(labels[:MOST_LABELS])}{more}"


def _within(label: str) -> str:
    """A label inside a sentence; days and months keep their capital."""
    return label if label.startswith(NAMES_OF_DAYS) else label[:1].lower() + label[1:]
