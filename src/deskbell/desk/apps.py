"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Named so that its tables start with `desk_`."""

    name = "deskbell.desk"
    label = "desk"

    def ready(self) -> None:
        """Declares the room's jobs."""
        from . import jobs, legs  # noqa: F401 they declare themselves to the queue
