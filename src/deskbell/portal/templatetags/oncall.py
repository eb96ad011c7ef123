"""What on call's templates share: the colour that belongs to a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ..oncall.calendar import drawing
from ..oncall.calendar.entries import tone_of

register = template.Library()


@register.filter
def tone(contact_id: int) -> str:
    """The class of a contact's colour, the same wherever it shows: `tone-0` to `tone-11`."""
    return f"tone-{tone_of(contact_id)}"


@register.simple_tag
def draw_blocks(blocks: Any, may_edit: bool) -> SafeString:
    """Shifts and overrides among hours."""
    return drawing.blocks(blocks, may_edit=may_edit)


@register.simple_tag
def draw_holes(gaps: Any) -> SafeString:
    """Gaps among hours."""
    return drawing.holes(gaps)


@register.simple_tag
def draw_chips(chips: Any) -> SafeString:
    """What starts on a day of a month."""
    return drawing.chips(chips)


@register.filter
def item(row: Sequence[Any], index: int) -> Any:
    """The value at a place of a row, from 0."""
    return row[index]


@register.filter
def nth_short(name: str) -> str:
    """The weekday of "2nd Monday" in two letters."""
    return name.rpartition(" ")[2][:2]
