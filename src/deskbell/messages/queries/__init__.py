"""Reads of messages, in the scope of an account (staff's lists: in a system scope)."""

from __future__ import annotations

from .lists import MOST_COUNTED, SORTS, HowMany, how_many, listed, page
from .searching import matching
from .single import activities_of, notes_of, one, recent_activities, saved_searches
from .tallies import Counts, counts
from .wanted import Tab, Wanted

__all__ = [
    "MOST_COUNTED",
    "SORTS",
    "Counts",
    "HowMany",
    "Tab",
    "Wanted",
    "activities_of",
    "counts",
    "how_many",
    "listed",
    "matching",
    "notes_of",
    "one",
    "page",
    "recent_activities",
    "saved_searches",
]
