"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Named so that its tables start with `webhooks_`."""

    name = "deskbell.webhooks"
    label = "webhooks"
