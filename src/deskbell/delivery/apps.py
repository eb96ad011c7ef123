"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Named so that its tables start with `delivery_`."""

    name = "deskbell.delivery"
    label = "delivery"
