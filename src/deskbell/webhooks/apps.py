"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Named so that its tables start with `webhooks_`."""

    name = "deskbell.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Declares the room's jobs and listens to messages.

        The app stands below the rooms that it comes after in INSTALLED_APPS, so that what they do
        about a message is in what is told of it.
        """
        from deskbell.messages import hooks

        from . import jobs, subscriptions  # noqa: F401 jobs declares itself to the queue

        hooks.message_taken.subscribe_many(subscriptions.on_taken)
        hooks.message_delivered.subscribe_many(subscriptions.on_delivered)
        hooks.message_escalated.subscribe_many(subscriptions.on_escalated)
        hooks.message_acknowledged.subscribe_many(subscriptions.on_acknowledged)
        hooks.message_exhausted.subscribe_many(subscriptions.on_exhausted)
        hooks.messages_leaving.subscribe(subscriptions.on_leaving)
