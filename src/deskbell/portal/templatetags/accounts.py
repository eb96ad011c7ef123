"""What the pages of My Accounts need: letters that can be read on a company's colour."""

from __future__ import annotations

from typing import Final

from django import template

register = template.Library()
DARK: Final = "#10202e"
LIGHT: Final = "#ffffff"
# WCAG 2.2, "relative luminance": how bright the three parts of a colour seem.
_SEEN: Final = (0.2126, 0.7152, 0.0722)


@register.filter
def readable(colour: str) -> str:
    """Dark or light letters, whichever stand out more on a colour (`#rrggbb`); light without."""
    if len(colour) != 7:
        return LIGHT
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    bright = sum(
        weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip(_SEEN, parts, strict=True)
    )
    return DARK if bright > 0.179 else LIGHT
