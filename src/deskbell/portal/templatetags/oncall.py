"""What on call's templates share: the colour that belongs to a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from ..oncall.calendar.entries import tone_of

register = template.Library()


@register.filter
def tone(contact_id: int) -> str:
    """The class of a contact's colour, the same wherever it shows: `tone-0` to `tone-11`."""
    return f"tone-{tone_of(contact_id)}"


@register.filter
def item(row: Sequence[Any], index: int) -> Any:
    """The value at a place of a row, from 0."""
    return row[index]


@register.filter
def nth_short(name: str) -> str:
    """The weekday of "2nd Monday" in two letters."""
    return name.rpartition(" ")[2][:2]
