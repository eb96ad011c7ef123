"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Named so that its tables start with `contacts_`."""

    name = "deskbell.contacts"
    label = "contacts"
