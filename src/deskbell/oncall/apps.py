"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OncallConfig(AppConfig):
    """Named so that its tables start with `oncall_`."""

    name = "deskbell.oncall"
    label = "oncall"

    def ready(self) -> None:
        """Declares the room's jobs and listens to accounts, messages and deliveries."""
        from deskbell.accounts.hooks import time_zone_changed
        from deskbell.delivery.hooks import delivery_failed, passed_on
        from deskbell.messages.hooks import message_exhausted, message_resumed, message_taken

        from . import subscriptions

        time_zone_changed.subscribe(subscriptions.on_time_zone_changed)
        message_taken.subscribe(subscriptions.on_message_taken)
        message_resumed.subscribe(subscriptions.on_message_resumed)
        message_exhausted.subscribe(subscriptions.on_message_exhausted)
        delivery_failed.subscribe(subscriptions.on_delivery_failed)
        passed_on.subscribe(subscriptions.on_passed_on)
