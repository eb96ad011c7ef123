"""The only writes to attendants, their prompts, and where calls stand in them.

All need the scope of the account (or a system scope), but for `prepare_prompts`, which enters its
own. What belongs together is written in one transaction.
"""

from .announcements import (
    AnnouncementFields,
    add_announcement,
    delete_announcement,
    edit_announcement,
    speak,
    upload_audio,
)
from .calls import answer, fetch_recording, forget_ended, go_on, interrupt, join
from .drafts import (
    discard_draft,
    edit_draft,
    import_plan,
    import_yaml,
    publish,
    roll_back,
    settle_draft,
)
from .emergency import end_emergency, set_emergency
from .menus import MenuFields, add_menu, delete_menu, edit_menu
from .numbers import (
    assign_number,
    follow_number,
    set_extensions,
    set_numbers,
    unassign_number,
)
from .prompts import forget_prompts, keep_audio, keep_prompt, prepare_prompts
from .schedules import set_date_ranges, set_weekly_schedule
from .systems import SystemFields, add_system, delete_system, edit_system

__all__ = [
    "AnnouncementFields",
    "MenuFields",
    "SystemFields",
    "add_announcement",
    "add_menu",
    "add_system",
    "answer",
    "assign_number",
    "delete_announcement",
    "delete_menu",
    "delete_system",
    "discard_draft",
    "edit_announcement",
    "edit_draft",
    "edit_menu",
    "edit_system",
    "end_emergency",
    "fetch_recording",
    "follow_number",
    "forget_ended",
    "forget_prompts",
    "go_on",
    "import_plan",
    "import_yaml",
    "interrupt",
    "join",
    "keep_audio",
    "keep_prompt",
    "prepare_prompts",
    "publish",
    "roll_back",
    "set_date_ranges",
    "set_emergency",
    "set_extensions",
    "set_numbers",
    "set_weekly_schedule",
    "settle_draft",
    "speak",
    "unassign_number",
    "upload_audio",
]
