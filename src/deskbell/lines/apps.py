"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LinesConfig(AppConfig):
    """Named so that its tables start with `lines_`."""

    name = "deskbell.lines"
    label = "lines"
