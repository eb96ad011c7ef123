"""Decisions about shifts and escalation, without a database."""

from .shifts import (
    LARGEST_INTERVAL,
    LONGEST_SHIFT,
    MOST_INSTANCES,
    Shift,
    Span,
    checked,
    dates,
    end_instant,
    is_on_call,
    is_over,
    occurrences,
    start_instant,
)
from .steps import (
    LAST_WAIT_SECONDS,
    Step,
    Waits,
    goes_again,
    leads_back,
    leaving_wait,
    next_step,
)

__all__ = [
    "LARGEST_INTERVAL",
    "LAST_WAIT_SECONDS",
    "LONGEST_SHIFT",
    "MOST_INSTANCES",
    "Shift",
    "Span",
    "Step",
    "Waits",
    "checked",
    "dates",
    "end_instant",
    "goes_again",
    "is_on_call",
    "is_over",
    "leads_back",
    "leaving_wait",
    "next_step",
    "occurrences",
    "start_instant",
]
