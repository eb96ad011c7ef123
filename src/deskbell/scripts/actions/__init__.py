"""The only writes to scripts. All need the account's scope; each runs in one transaction."""

from __future__ import annotations

from .drafts import add_script, delete_script, edit_draft, rename
from .levels import forget_level
from .numbers import use_script
from .publishing import publish, roll_back

__all__ = [
    "add_script",
    "delete_script",
    "edit_draft",
    "forget_level",
    "publish",
    "rename",
    "roll_back",
    "use_script",
]
