"""Differences between plans, each in one line."""

from __future__ import annotations

from deskbell.attendant.rules.differences import Difference

MOST_LABELS = 4


def difference_words(found: Difference) -> str:
    """A line for a difference: `Menu “Night” changes: keys, announcement`."""
    named = f"{found.kind.capitalize()} “{found.name}”"
    if found.what != "changed":
        return f"{named} is {found.what}"
    labels = list(dict.fromkeys(each.label.lower() for each in found.changes))
    more = f" and {len(labels) - MOST_LABELS} more" if len(labels) > MOST_LABELS else ""
    return f"{named} changes: {', '.join(labels[:MOST_LABELS])}{more}"
