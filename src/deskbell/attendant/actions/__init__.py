"""The only writes to attendants, their prompts, and where calls stand in them.

All need the scope of the account (or a system scope), but for `prepare_prompts`, which enters its
own. What belongs together is written in one transaction.
"""

from .announcements import add_announcement, speak
from .calls import answer, forget_ended, go_on
from .menus import MenuFields, add_menu, edit_menu
from .prompts import keep_prompt, prepare_prompts
from .systems import (
    SystemFields,
    add_system,
    assign_number,
    edit_system,
    set_date_ranges,
    set_weekly_schedule,
)

__all__ = [
    "MenuFields",
    "SystemFields",
    "add_announcement",
    "add_menu",
    "add_system",
    "answer",
    "assign_number",
    "edit_menu",
    "edit_system",
    "forget_ended",
    "go_on",
    "keep_prompt",
    "prepare_prompts",
    "set_date_ranges",
    "set_weekly_schedule",
    "speak",
]
