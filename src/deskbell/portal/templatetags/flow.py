"""What the call flow's templates need: a menu's colour as a mark, and a look into a table."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def paint(colour: str) -> SafeString:
    """A colour as a small square, for the eye only; `colour` came from `flow.colours`."""
    return format_html(
        '<svg class="swatch" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">'
        '<rect x=".5" y=".5" width="11" height="11" rx="3" fill="{}"></rect></svg>',
        colour,
    )


@register.filter
def at(table: Mapping[str, str], name: str) -> str:
    """What stands in a table under a name."""
    return table.get(name, "")
