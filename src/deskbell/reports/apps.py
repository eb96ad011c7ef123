"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Exports, now and by the clock."""

    name = "deskbell.reports"

    def ready(self) -> None:
        """Makes the room's jobs known."""
        from .jobs import exports  # noqa: F401 its jobs register themselves
