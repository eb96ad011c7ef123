"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ScriptsConfig(AppConfig):
    """Named so that its tables start with `scripts_`."""

    name = "deskbell.scripts"
    label = "scripts"
