"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Plans, statements and payments."""

    name = "deskbell.billing"

    def ready(self) -> None:
        """Declares the room's jobs."""
        from .jobs import payments, statements  # noqa: F401 jobs declare themselves to the queue
