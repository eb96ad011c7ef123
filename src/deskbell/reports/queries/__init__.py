"""Reads of exports and their schedules. All need the account's scope, or a system scope."""

from .exports import exports, one_export, opened
from .schedules import one_schedule, rhythm_of, schedules
from .summaries import summary_of

__all__ = [
    "exports",
    "one_export",
    "one_schedule",
    "opened",
    "rhythm_of",
    "schedules",
    "summary_of",
]
