"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Exports, now and by the clock."""

    name = "deskbell.reports"

    def ready(self) -> None:
        """Makes the room's jobs known, and listens to what has it mail or plan anew."""
        from deskbell.accounts.hooks import time_zone_changed

        from . import subscriptions
        from .hooks import export_ended
        from .jobs import exports, mails, summaries  # noqa: F401 they register themselves

        export_ended.subscribe(subscriptions.on_export_ended)
        time_zone_changed.subscribe(subscriptions.on_time_zone_changed)
