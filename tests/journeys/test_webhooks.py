"""Real workers tell a real receiver what happens: in time, once, and nobody waits for the dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account
from deskbell.foundation import dialling
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks import actions
from deskbell.webhooks.models import Attempt, Notice, NoticeState, Subscription
from tests.workers import Hook, Worker, leave_message, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
StartWorker = Callable[..., Worker]


@pytest.fixture
def tell(in_acme: Account, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Subscribes Acme's program at a path of the receiver; gives its id."""
    allowed = replace(environment(), private_hosts=frozenset({f"127.0.0.1:{hook.port}"}))
    monkeypatch.setattr(dialling, "environment", lambda: allowed)
    # A worker of the tests has a folder of its own, and must read what is sealed here.
    monkeypatch.setenv("DESKBELL_VAULT_KEY", environment().secrets.vault)

    def made(path: str, *events: str) -> int:
        url = f"http://127.0.0.1:{hook.port}{path}"
        wanted = events or ("message.taken", "message.acknowledged")
        subscription, _ = actions.subscribe(
            account_id=in_acme.pk, url=url, events=wanted, by="alice", at=now()
        )
        return subscription.pk

    return made


def unsent() -> int:
    return Notice.objects.exclude(state=NoticeState.SENT).count()


def test_what_happens_is_told_at_once(
    in_acme: Account, hook: Hook, tell: Callable[..., int], start_worker: StartWorker
) -> None:
    tell("/crm")
    start_worker()
    message = leave_message(in_acme)
    until(lambda: hook.heard)
    acknowledge(message=message, by="alice", at=now(), through="portal")
    until(lambda: len(hook.heard) >= 2)
    assert [content["event"] for _, _, content in hook.heard] == [
        "message.taken",
        "message.acknowledged",
    ]
    token = make_api_token(account=in_acme, name="CRM", scopes=["messages:read"], at=now())
    client = Client(headers={"Authorization": f"Bearer {token}"})
    shown = client.get(f"/api/v2/messages/{message.pk}").json()["data"]
    assert hook.heard[-1][2]["data"] == shown
    until(lambda: not unsent())


def test_a_storm_is_told_once_by_two_workers(
    in_acme: Account, hook: Hook, tell: Callable[..., int], start_worker: StartWorker
) -> None:
    tell("/crm", "message.taken")
    at = now()
    for number in range(1000):
        take(account_id=in_acme.pk, taken=Taken(f"Call {number}"), at=at)
    start_worker()
    start_worker()
    until(lambda: not unsent(), 90)
    assert len(hook.heard) == len(set(hook.keys("/crm"))) == 1000
    assert Attempt.objects.count() == 1000


def test_a_killed_workers_notice_goes_again_with_the_same_uuid(
    in_acme: Account, hook: Hook, tell: Callable[..., int], start_worker: StartWorker
) -> None:
    tell("/crm", "message.taken")
    hook.hanging.add("/crm")
    first = start_worker()
    leave_message(in_acme)
    until(lambda: hook.heard)
    first.kill()
    hook.hanging.clear()
    hook.release.set()
    # What waits for the lease by design has waited.
    Subscription.objects.update(busy_until=now())
    start_worker()
    until(lambda: not unsent(), 60)
    [one, two] = hook.heard
    assert one == two
    assert [each.status for each in Attempt.objects.order_by("id")] == [None, 204]


def test_dead_receivers_let_nobody_wait(
    in_acme: Account,
    other: Account,
    hook: Hook,
    tell: Callable[..., int],
    start_worker: StartWorker,
) -> None:
    hook.hanging.add("/dead")
    for _ in range(8):
        tell("/dead", "message.taken")
    for number in range(20):
        take(account_id=in_acme.pk, taken=Taken(f"Call {number}"), at=now())
    start_worker()
    until(lambda: hook.heard)
    with account_scope(other.pk):
        url = f"http://127.0.0.1:{hook.port}/alive"
        known, _ = actions.subscribe(
            account_id=other.pk, url=url, events=["message.taken"], by="charlie", at=now()
        )
        Subscription.objects.filter(pk=known.pk).update(is_slow=False)  # it has answered before
        for number in range(5):
            take(account_id=other.pk, taken=Taken(f"Pipe {number}"), at=now())
            until(lambda: len(hook.keys("/alive")) == number + 1, 5)  # noqa: B023 asked at once
    assert len(hook.keys("/dead")) <= 12  # each of the eight is asked rarely, one notice at a time
