"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AttendantConfig(AppConfig):
    """Named so that its tables start with `attendant_`."""

    name = "deskbell.attendant"
    label = "attendant"

    def ready(self) -> None:
        """Makes the room's jobs known to the worker, and listens to accounts."""
        from deskbell.accounts.hooks import number_changed

        from . import jobs  # noqa: F401 importing them is what makes them known
        from .subscriptions import on_number_changed

        number_changed.subscribe(on_number_changed)
