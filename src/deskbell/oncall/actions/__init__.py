"""The only writes to calendars and to a message's way through them.

All need the tenancy scope of the account (or a system scope); each runs in one transaction.
"""

from __future__ import annotations

from .escalation import escalate, leave_failed, run_due, set_out, watch
from .events import HORIZON, add_event, extend_occurrences, remove_event
from .levels import add_level, edit_level, set_defaults

__all__ = [
    "HORIZON",
    "add_event",
    "add_level",
    "edit_level",
    "escalate",
    "extend_occurrences",
    "leave_failed",
    "remove_event",
    "run_due",
    "set_defaults",
    "set_out",
    "watch",
]
