"""No search holds a thread for long, whatever is searched for in whatever is there."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.messages import queries
from deskbell.messages.errors import SearchTookTooLong
from deskbell.messages.models import Message
from deskbell.messages.queries import Wanted, patience
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
# Parts that no index narrows down, each of which is in almost every long message.
LONG = " ".join(f"{a}{b}" for a in "abcdefghij" for b in "abcdefghijklm")[:390] + " qx"


def test_a_search_is_given_up_after_its_time(
    acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "MOST_MILLISECONDS", 1)
    content = " ".join(f"{a}{b}" for a in "abcdefghij" for b in "abcdefghijklm") * 500
    with account_scope(acme.pk):
        for _ in range(3):
            Message.objects.create(account=acme, created_at=at, updated_at=at, content=content)
        wanted = Wanted(search=LONG)
        with pytest.raises(SearchTookTooLong, match="took too long"):
            queries.page(wanted, start=0, size=25)
        with pytest.raises(SearchTookTooLong):
            queries.how_many(wanted)
        with connection.cursor() as cursor:  # what comes after has its own time
            cursor.execute("SELECT pg_sleep(0.02)")
        assert queries.how_many(Wanted(is_emergency=False)).count == 3


def test_the_limit_is_over_with_the_search(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        Message.objects.create(account=acme, created_at=at, updated_at=at, content="tooth")
        assert queries.how_many(Wanted(search="tooth")).count == 1
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
