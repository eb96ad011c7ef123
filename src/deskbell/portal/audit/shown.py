"""What the pages of the audit log show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskbell.audit import queries
from deskbell.audit.acts import kinds
from deskbell.audit.models import Entry
from deskbell.audit.rules import DOORS
from deskbell.foundation.environment import environment
from deskbell.reports.audit import Meant

from .asked import Asked

EMPTY = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """A field, what was there, and what is there now, in words."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry. `who` is whose hands it were, `acted_as` the person they acted as, if any."""

    entry: Entry
    who: str
    address: str
    acted_as: str
    changes: Sequence[Change]


def context(asked: Asked, meant: Meant) -> dict[str, Any]:
    """A page of the log. Needs a scope; three queries at most."""
    page = queries.page(meant.wanted, before=asked.before or None, after=asked.after or None)
    return {
        "asked": asked,
        "errors": meant.errors,
        "lines": [line_of(entry) for entry in page.rows],
        "newer": asked.newer_than(page.newer).query if page.newer else "",
        "older": asked.older_than(page.older).query if page.older else "",
        "newest": asked.whole.query,
        "kinds": kinds(),
        "doors": [(str(door), name) for door, name in DOORS.items()],
        "days": environment().audit_days,
    }


def line_of(entry: Entry) -> Line:
    """An entry as its line shows it."""
    name = entry.who.name if entry.who else ""
    person = name or entry.who_name
    if entry.on_behalf:
        return Line(entry, entry.on_behalf, "", person, _changes(entry.changes))
    return Line(entry, person, entry.who_name if name else "", "", _changes(entry.changes))


def _changes(changes: Mapping[str, Any]) -> list[Change]:
    return [Change(field, _in_words(old), _in_words(new)) for field, (old, new) in changes.items()]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return EMPTY if value is None or value == "" else str(value)
