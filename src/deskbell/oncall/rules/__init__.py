"""Decisions about shifts and escalation, without a database."""

from .cover import Change, Duty, apply
from .dates import checked, count_before, dates, instance_on, is_over, last_day
from .instants import (
    Span,
    end_instant,
    is_on_call,
    occurrences,
    span_of,
    span_on,
    start_instant,
    wall_end,
)
from .moves import moved, split
from .pieces import Held, Piece, pieces
from .rrules import rrule_of, shift_from_rrule
from .shifts import FREQUENCIES, LARGEST_INTERVAL, LONGEST_SHIFT, MOST_INSTANCES, Shift, weekday_of
from .steps import (
    LAST_WAIT_SECONDS,
    Step,
    Waits,
    goes_again,
    next_step,
)
from .words import day_in_words, in_words

__all__ = [
    "FREQUENCIES",
    "LARGEST_INTERVAL",
    "LAST_WAIT_SECONDS",
    "LONGEST_SHIFT",
    "MOST_INSTANCES",
    "Change",
    "Duty",
    "Held",
    "Piece",
    "Shift",
    "Span",
    "Step",
    "Waits",
    "apply",
    "checked",
    "count_before",
    "dates",
    "day_in_words",
    "end_instant",
    "goes_again",
    "in_words",
    "instance_on",
    "is_on_call",
    "is_over",
    "last_day",
    "moved",
    "next_step",
    "occurrences",
    "pieces",
    "rrule_of",
    "shift_from_rrule",
    "span_of",
    "span_on",
    "split",
    "start_instant",
    "wall_end",
    "weekday_of",
]
