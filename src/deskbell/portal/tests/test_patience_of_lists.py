"""A search that takes too long says so, on the page and where it is typed."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.messages.models import Message
from deskbell.messages.queries import patience
from deskbell.platform.tenancy import account_scope

WORDS = "This search took too long. Search for fewer or longer words, or in fewer days."


def test_it_says_so_and_the_page_stands(
    client: Client, alice: User, acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "MOST_MILLISECONDS", 1)
    parts = " ".join(f"{a}{b}" for a in "abcdefghij" for b in "abcdefghijklm")
    with account_scope(acme.pk):
        for _ in range(3):
            Message.objects.create(account=acme, created_at=at, updated_at=at, content=parts * 500)
    client.force_login(alice)
    asked = {"q": f"{parts[:390]} qx"}
    for answer in (
        client.get("/messages/", asked),
        client.get("/messages/live/", asked, headers={"HX-Request": "true"}),
        client.get("/messages/export.xlsx", asked, follow=True),
    ):
        assert answer.status_code == 200
        assert WORDS in answer.content.decode()
