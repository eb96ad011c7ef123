"""The only writes to calendars and to a message's way through them.

All need the tenancy scope of the account (or a system scope); each runs in one transaction.
"""

from __future__ import annotations

from .cloning import clone_event, clone_level
from .editing import Scope, delete_event, edit_event, move_event
from .escalation import (
    Patience,
    escalate,
    leave_failed,
    next_due,
    run_due,
    set_out,
    watch,
)
from .events import add_event
from .levels import add_level, delete_level, edit_level, order_levels, set_defaults
from .occurrences import HORIZON, extend_occurrences
from .overrides import add_override, edit_override, remove_override
from .passing import leave_deleted, pass_on, send_to
from .resuming import resume
from .self_tests import (
    add_self_test,
    remove_self_test,
    run_self_tests,
    send_self_test,
)

__all__ = [
    "HORIZON",
    "Patience",
    "Scope",
    "add_event",
    "add_level",
    "add_override",
    "add_self_test",
    "clone_event",
    "clone_level",
    "delete_event",
    "delete_level",
    "edit_event",
    "edit_level",
    "edit_override",
    "escalate",
    "extend_occurrences",
    "leave_deleted",
    "leave_failed",
    "move_event",
    "next_due",
    "order_levels",
    "pass_on",
    "remove_override",
    "remove_self_test",
    "resume",
    "run_due",
    "run_self_tests",
    "send_self_test",
    "send_to",
    "set_defaults",
    "set_out",
    "watch",
]
