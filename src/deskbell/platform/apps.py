"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Named so that its tables start with `platform_`."""

    name = "deskbell.platform"
    label = "platform"
