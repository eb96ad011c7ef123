"""The only writes to messages. Each runs in one transaction and raises the account's version.

All need the tenancy scope of the message's account (or a system scope).
"""

from __future__ import annotations

from .acknowledging import acknowledge, acknowledge_many
from .notes import add_note, remove_note
from .searches import remove_search, save_search
from .standing import exhaust, mark_delivered, mark_read, place, reopen
from .taking import Taken, take
from .tallies import fold_tallies
from .telling import add_activity
from .undoing import UNDO_SECONDS, undo_acknowledgement

__all__ = [
    "UNDO_SECONDS",
    "Taken",
    "acknowledge",
    "acknowledge_many",
    "add_activity",
    "add_note",
    "exhaust",
    "fold_tallies",
    "mark_delivered",
    "mark_read",
    "place",
    "remove_note",
    "remove_search",
    "reopen",
    "save_search",
    "take",
    "undo_acknowledgement",
]
