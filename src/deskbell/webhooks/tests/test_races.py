"""Notices that are made while a turn begins or ends: each is sent once, and none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.delivery.transports.webhook.tests.peer import Peer
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks import actions
from deskbell.webhooks.models import Notice, NoticeState, Subscription

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, EACH = 4, 12


def due_turns() -> int:
    """How many turns are queued to be taken now; those of `THREADS` count as taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pgqueuer WHERE execute_after <= now() AND dedupe_key IS NULL RETURNING id"
        )
        return len(cursor.fetchall())


def test_no_notice_is_forgotten_between_two_turns(
    acme: Account, subscribed: Callable[..., Subscription], receiver: Peer
) -> None:
    hook = subscribed("message.taken")

    def work(number: int) -> None:
        try:
            for turn in range(EACH):
                with account_scope(acme.pk):
                    taken = Taken(f"Call {number}-{turn}")
                    take(account_id=acme.pk, taken=taken, at=now())
                    actions.send_due(subscription_id=hook.pk, at=now())  # its job, at once
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    while due_turns():
        actions.send_due(subscription_id=hook.pk, at=now())
    assert not Notice.objects.exclude(state=NoticeState.SENT).exists()
    sent = [headers["idempotency-key"] for headers, _ in receiver.requests]
    assert len(sent) == len(set(sent)) == THREADS * EACH
