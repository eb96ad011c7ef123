"""Calendars of other programs, brought onto a level: look first (`read`), then `take`."""

from .previews import Changed, Found, Left, Preview
from .reading import read

__all__ = ["Changed", "Found", "Left", "Preview", "read"]
