"""olivia at her pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from deskbell.accounts.models import Account, User


@pytest.fixture
def operator(client: Client, acme: Account, olivia: User) -> Client:
    """olivia's client; she works in Acme."""
    client.force_login(olivia)
    return client
