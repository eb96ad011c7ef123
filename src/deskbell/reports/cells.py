"""Cells that a spreadsheet shows and never runs.

What callers say ends up in files that people open in a spreadsheet, which takes a cell that
begins in a certain way for a formula. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

# The last four are the full-width forms of the first four, which some spreadsheets take for them.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?[0-9]+|\+[0-9]+( [0-9]+)*")
# Excel separates by semicolons in much of Europe, whatever a file does; then quotes that stand
# within a cell hold no line together, and what is inside of a text may begin a cell.
_INSIDE = re.compile(
    r"([;\t\r\n][\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])(?![+-]?[0-9]+[ ]*(?:[;\t\r\n]|\Z))"
)


def harmless(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet could begin to run it.

    That is at its start, and inside of it after what some take for the end of a cell. A plain
    number stays as it is, as `+12125550142`: it does nothing.
    """
    text = _INSIDE.sub(r"\1'", text)
    if text.lstrip(" ").startswith(_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
