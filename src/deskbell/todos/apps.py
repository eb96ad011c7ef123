"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class TodosConfig(AppConfig):
    """Named so that its tables start with `todos_`."""

    name = "deskbell.todos"
    label = "todos"

    def ready(self) -> None:
        """Makes the room's jobs known, and listens to accounts."""
        from deskbell.accounts.hooks import time_zone_changed

        from . import (
            jobs,  # noqa: F401 its jobs register themselves
            subscriptions,
        )

        time_zone_changed.subscribe(subscriptions.on_time_zone_changed)
