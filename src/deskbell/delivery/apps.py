"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Named so that its tables start with `delivery_`."""

    name = "deskbell.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Declares the room's jobs, and stops deliveries of acknowledged messages."""
        from deskbell.messages.hooks import (
            message_acknowledged,
            message_resumed,
            messages_leaving,
        )

        from . import actions, jobs, leaving  # noqa: F401 jobs declares itself to the queue
        from .texting import jobs as _texts  # noqa: F401 as above

        message_acknowledged.subscribe_many(actions.stop)
        message_resumed.subscribe(actions.resume)
        messages_leaving.subscribe(leaving.keep_bare_proof)
