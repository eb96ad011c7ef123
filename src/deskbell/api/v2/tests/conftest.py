"""Clients with a token, as an integration has one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from deskbell.accounts.models import Account

Enter = Callable[..., Client]


@pytest.fixture
def enter(at: datetime) -> Enter:
    """`enter(account, *scopes)` gives a client with a new token, for all of messages by default."""
    from deskbell.accounts.actions import make_api_token

    def made(account: Account, *scopes: str) -> Client:
        wanted = scopes or ["messages:read", "messages:write"]
        token = make_api_token(account=account, name="CRM", scopes=wanted, at=at)
        return Client(headers={"Authorization": f"Bearer {token}"})

    return made


@pytest.fixture
def acme_client(acme: Account, enter: Enter) -> Client:
    return enter(acme)
