"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Named so that its tables start with `api_`."""

    name = "deskbell.api"
    label = "api"
