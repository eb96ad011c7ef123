"""Calendars of other programs, brought onto a level: look first (`read`), then `take`."""

from .fetching import fetch
from .packing import packed, unpacked
from .previews import Changed, Found, Left, Named, Preview
from .reading import read
from .taking import matched, take

__all__ = [
    "Changed",
    "Found",
    "Left",
    "Named",
    "Preview",
    "fetch",
    "matched",
    "packed",
    "read",
    "take",
    "unpacked",
]
