"""Cells that a spreadsheet shows and never runs.

What callers say ends up in files that people open in a spreadsheet, which takes a cell that
begins in a certain way for a formula. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

# The last four are the full-width forms of the first four, which some spreadsheets take for them.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?[0-9]+")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet could run it.

    A plain number stays as it is, as `+12125550142`: it does nothing.
    """
    if text.lstrip(" ").startswith(_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
