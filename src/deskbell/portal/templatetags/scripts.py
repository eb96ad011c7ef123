"""What the templates of scripts need: a script's steps and closings as they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from deskbell.scripts.rules import Content, Spoken

from ..scripts.form_part import Ending, Row, endings_of, relays_of, rows_of
from ..scripts.words import Levels

register = template.Library()


@register.simple_tag
def script_rows(
    content: Content,
    answers: Mapping[str, str] | None,
    spoken: Spoken | None = None,
    faults: Mapping[str, str] | None = None,
) -> list[Row]:
    """The steps of a script as its form shows them."""
    return rows_of(content, answers or {}, spoken or None, faults or None)


@register.simple_tag
def script_endings(
    content: Content, spoken: Spoken | None = None, levels: Levels | None = None
) -> list[Ending]:
    """What closes a call; without `levels` it is not said where the message goes."""
    return endings_of(content, spoken or None, levels or None)


@register.filter
def script_relays(content: Content, levels: Levels | None) -> list[Ending]:
    """Which answers send the message to which level."""
    return relays_of(content, levels or None)
