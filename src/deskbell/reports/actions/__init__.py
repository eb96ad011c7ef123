"""The only writes to exports, schedules and summaries. All need the account's scope, or a system
scope."""

from .due import run_due
from .exports import ask_export, cancel_export, remove_export, remove_old
from .making import make
from .schedules import (
    Planned,
    add_schedule,
    edit_schedule,
    follow_zone,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    run_schedule,
)
from .summaries import choose_summary, end_summary, follow_zone_with_summaries

__all__ = [
    "Planned",
    "add_schedule",
    "ask_export",
    "cancel_export",
    "choose_summary",
    "edit_schedule",
    "end_summary",
    "follow_zone",
    "follow_zone_with_summaries",
    "make",
    "pause_schedule",
    "remove_export",
    "remove_old",
    "remove_schedule",
    "resume_schedule",
    "run_due",
    "run_schedule",
]
