"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class TodosConfig(AppConfig):
    """Named so that its tables start with `todos_`."""

    name = "deskbell.todos"
    label = "todos"

    def ready(self) -> None:
        """Makes the room's jobs known."""
        from . import jobs  # noqa: F401 its jobs register themselves
