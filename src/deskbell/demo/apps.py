"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Named so that its tables start with `demo_`."""

    name = "deskbell.demo"
    label = "demo"
