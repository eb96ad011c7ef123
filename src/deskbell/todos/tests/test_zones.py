"""An account that moves: its To Dos keep their times of day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deskbell.accounts.actions import edit_account
from deskbell.accounts.models import Account
from deskbell.platform.tenancy import account_scope
from deskbell.todos.actions import Fields, add_to_do, pause_to_do
from deskbell.todos.models import Schedule

pytestmark = pytest.mark.django_db
TEXT = Fields(delivery_type="email", contact="s@example.com", message_text="Hello", subject="Hi")


def test_to_dos_follow_the_account(acme: Account, at: datetime) -> None:
    daily = {"frequency": "daily", "times": ["9:00 PM"]}
    with account_scope(acme.pk):
        add_to_do(account_id=acme.pk, fields=TEXT, when=daily, at=at)
        paused = add_to_do(account_id=acme.pk, fields=TEXT, when=daily, at=at)
        pause_to_do(to_do=paused, at=at)
        today = {"rule": "today", "times": ["11:00 AM"]}
        late = add_to_do(account_id=acme.pk, fields=TEXT, when=today, at=at)
        edit_account(account=acme, at=at, time_zone="Europe/Berlin")
        found = {each.to_do_id: each.next_occurrence for each in Schedule.objects.all()}
    assert found.pop(paused.pk) is None
    # eleven is over in Berlin, and is not lost: it stays when it was, eleven in New York
    assert found.pop(late.pk) == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert list(found.values()) == [datetime(2026, 3, 4, 20, tzinfo=UTC)]
