"""What can go wrong with files."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, InvalidInput, NotFound


class NoFileYet(Conflict):
    """An export whose file is not whole yet, or never will be."""


class FileIsGone(NotFound):
    """An export whose file was removed, or whose time is over."""


class TooManyRows(InvalidInput):
    """More rows than the format can hold."""


class TooManyExports(Conflict):
    """An account has enough exports under way."""


class TooManySchedules(Conflict):
    """An account has enough schedules."""
