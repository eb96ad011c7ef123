"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Plans, statements and payments."""

    name = "deskbell.billing"
