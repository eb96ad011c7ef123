"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class TodosConfig(AppConfig):
    """Named so that its tables start with `todos_`."""

    name = "deskbell.todos"
    label = "todos"
