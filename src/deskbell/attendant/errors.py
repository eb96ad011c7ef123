"""What can go wrong when an attendant is edited. The numbers are seed 002's, and ours after it."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, NotFound


class AnnouncementNotFound(NotFound):
    """No such announcement in this account (500)."""


class MenuNotFound(NotFound):
    """No such menu in this system (502)."""


class NumberInUse(Conflict):
    """The number already leads to another system (510)."""
