"""What a receiver answered may repeat a message: it goes with the notices of its time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.platform.tenancy import system_scope
from deskbell.webhooks import actions
from deskbell.webhooks.models import Subscription

pytestmark = pytest.mark.django_db


def test_what_was_answered_long_ago_is_forgotten(acme: Account, at: datetime) -> None:
    with system_scope("webhooks are tidied across accounts"):
        old, fresh = (
            Subscription.objects.create(
                account=acme,
                url="https://example.com/hook",
                secret="",
                last_attempt_at=at - timedelta(days=days),
                last_answer="Got it: a toothache",
                created_at=at,
                updated_at=at,
            )
            for days in (31, 29)
        )
        actions.tidy(at=at)
        answers = [Subscription.objects.get(pk=each.pk).last_answer for each in (old, fresh)]
    assert answers == ["", "Got it: a toothache"]
