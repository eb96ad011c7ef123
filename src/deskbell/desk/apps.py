"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Named so that its tables start with `desk_`."""

    name = "deskbell.desk"
    label = "desk"

    def ready(self) -> None:
        """Declares the room's jobs, and listens to the ends of calls."""
        from deskbell.calls.hooks import call_ended

        from . import jobs, legs, subscriptions  # noqa: F401 jobs declare themselves to the queue

        call_ended.subscribe(subscriptions.on_call_ended)
