"""The only writes to calendars and to a message's way through them.

All need the tenancy scope of the account (or a system scope); each runs in one transaction.
"""

from __future__ import annotations

from .cloning import clone_event, clone_level
from .editing import Scope, delete_event, edit_event, move_event
from .escalation import escalate, leave_failed, run_due, set_out, watch
from .events import HORIZON, add_event, extend_occurrences, remove_event
from .levels import add_level, delete_level, edit_level, order_levels, set_defaults
from .overrides import add_override, edit_override, remove_override

__all__ = [
    "HORIZON",
    "Scope",
    "add_event",
    "add_level",
    "add_override",
    "clone_event",
    "clone_level",
    "delete_event",
    "delete_level",
    "edit_event",
    "edit_level",
    "edit_override",
    "escalate",
    "extend_occurrences",
    "leave_failed",
    "move_event",
    "order_levels",
    "remove_event",
    "remove_override",
    "run_due",
    "set_defaults",
    "set_out",
    "watch",
]
