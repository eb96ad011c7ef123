"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OncallConfig(AppConfig):
    """Named so that its tables start with `oncall_`."""

    name = "deskbell.oncall"
    label = "oncall"
