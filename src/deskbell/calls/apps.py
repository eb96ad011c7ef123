"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Named so that its tables start with `calls_`."""

    name = "deskbell.calls"
    label = "calls"

    def ready(self) -> None:
        """Declares the room's jobs."""
        from . import listening  # noqa: F401 it declares its job to the queue
