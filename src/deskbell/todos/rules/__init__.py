"""When To Dos run: pure decisions."""

from .icecube import icecube, when_of
from .occurrences import first_day_of, next_after, previous_before, times_due
from .when import Frequency, Rule, When, read_when
from .words import in_words

__all__ = [
    "Frequency",
    "Rule",
    "When",
    "first_day_of",
    "icecube",
    "in_words",
    "next_after",
    "previous_before",
    "read_when",
    "times_due",
    "when_of",
]
