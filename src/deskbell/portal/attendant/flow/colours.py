"""A menu's colour wherever it is painted: its own where it is one, else one of eight by its place.

A colour becomes an attribute of SVG, so only what is a colour passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from deskbell.attendant.rules.plans import MenuPlan

_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
PALETTE: Final = (
    "#4c8bf5", "#f2994a", "#2fa86b", "#9b6bdf", "#e5647a", "#1aa6b7", "#c9a227", "#7d8a99",
)  # fmt: skip


def colour_of(written: str, place: int) -> str:
    """The colour to paint: `written` where it is `#rgb` or `#rrggbb`, else the palette's."""
    written = written.strip()
    if written and not written.startswith("#"):
        written = f"#{written}"
    return written if _HEX.fullmatch(written) else PALETTE[place % len(PALETTE)]


def colours_of(menus: Sequence[MenuPlan]) -> dict[str, str]:
    """Each menu's colour by its sid."""
    return {menu.sid: colour_of(menu.color_code, place) for place, menu in enumerate(menus)}


def ink_on(colour: str) -> str:
    """Black or white, whichever has the greater contrast on a colour of six or three hex digits.

    Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    """
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
