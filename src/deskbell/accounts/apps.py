"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Named so that its tables start with `accounts_`."""

    name = "deskbell.accounts"
    label = "accounts"
