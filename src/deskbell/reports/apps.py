"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Exports, now and by the clock."""

    name = "deskbell.reports"
