"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Named so that its tables start with `deskbell_messages_`."""

    name = "deskbell.messages"
    label = "deskbell_messages"
