"""Reads of exports and their schedules. All need the account's scope, or a system scope."""

from .exports import exports, one_export, opened

__all__ = ["exports", "one_export", "opened"]
