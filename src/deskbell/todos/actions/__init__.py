"""The only writes to To Dos. All need the account's scope, or a system scope."""

from .checking import Fields, Given, check
from .due import next_due, run_due
from .making import add_to_do, edit_to_do
from .pausing import delete_to_do, pause_to_do, resume_to_do, run_now
from .running import heard, report, send

__all__ = [
    "Fields",
    "Given",
    "add_to_do",
    "check",
    "delete_to_do",
    "edit_to_do",
    "heard",
    "next_due",
    "pause_to_do",
    "report",
    "resume_to_do",
    "run_due",
    "run_now",
    "send",
]
