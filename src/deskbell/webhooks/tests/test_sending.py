"""What a receiver is sent and when, whatever it does: real requests to a server that misbehaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from deskbell.delivery.tests.example import Behaviour
from deskbell.delivery.transports.webhook.signature import is_signed
from deskbell.delivery.transports.webhook.tests.peer import Peer
from deskbell.foundation import dialling
from deskbell.foundation.environment import environment
from deskbell.messages.actions import acknowledge
from deskbell.messages.models import Message
from deskbell.webhooks import actions, requests
from deskbell.webhooks.models import Attempt, Notice, NoticeState, Subscription
from deskbell.webhooks.rules import LEASE

Leave = Callable[..., Message]
Subscribe = Callable[..., Subscription]
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver has a moment to answer, so that tests do not wait for those that hang."""
    monkeypatch.setattr(requests, "ANSWER_LIMIT", timedelta(seconds=0.4))


def now(subscription: Subscription) -> Subscription:
    subscription.refresh_from_db()
    return subscription


def events(peer: Peer) -> list[str]:
    return [json.loads(body)["event"] for _, body in peer.requests]


def test_what_happens_is_told_in_order_and_signed(
    subscribed: Subscribe, leave: Leave, receiver: Peer, secrets: dict[int, str], at: datetime
) -> None:
    hook = subscribed()
    message = leave()
    acknowledge(message=message, by="alice", at=at + SECOND, through="portal")
    actions.send_due(subscription_id=hook.pk, at=at + SECOND)
    assert events(receiver) == ["message.taken", "message.acknowledged"]
    for headers, body in receiver.requests:
        said = json.loads(body)
        assert list(said) == ["id", "event", "created_at", "data"]
        assert said["id"] == headers["idempotency-key"]
        assert headers["deskbell-event"] == said["event"]
        assert said["data"]["id"] == message.pk
        signature = headers["deskbell-signature"]
        assert is_signed(secrets[hook.pk], body, signature, at=at + SECOND)
        assert not is_signed("another", body, signature, at=at + SECOND)
    first, second = (json.loads(body) for _, body in receiver.requests)
    assert (first["data"]["status"], second["data"]["status"]) == ("new", "acknowledged")
    assert first["created_at"] == "2026-03-04T15:00:00.000Z"
    assert second["created_at"] == "2026-03-04T15:00:01.000Z"
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}


def test_only_what_was_asked_for_is_told(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.acknowledged")
    message = leave()
    assert not Notice.objects.exists()
    acknowledge(message=message, by="alice", at=at, through="portal")
    actions.send_due(subscription_id=hook.pk, at=at)
    assert events(receiver) == ["message.acknowledged"]


@pytest.mark.parametrize("status", [302, 400, 404, 410, 429, 500, 503])
def test_whatever_is_not_2xx_is_tried_again_with_the_same_uuid(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime, status: int
) -> None:
    hook = subscribed("message.taken")
    leave()
    receiver.status, receiver.body = status, b"not <b>today</b>\n\n"
    actions.send_due(subscription_id=hook.pk, at=at)
    notice = Notice.objects.get()
    assert (notice.state, notice.tries) == (NoticeState.WAITING, 1)
    assert notice.next_try_at is not None
    assert notice.next_try_at > at + 9 * SECOND
    attempt = Attempt.objects.get()
    assert attempt.status == status
    assert attempt.answer
    assert now(hook).failing_since is not None
    receiver.status = 204
    actions.send_due(subscription_id=hook.pk, at=at + 2 * SECOND)
    assert len(receiver.requests) == 1  # not before its time
    actions.send_due(subscription_id=hook.pk, at=at + 12 * SECOND)
    (first, one), (second, two) = receiver.requests
    assert one == two
    assert first["idempotency-key"] == second["idempotency-key"] == str(notice.uuid)
    assert Notice.objects.get().state == NoticeState.SENT
    assert now(hook).failing_since is None


def test_retry_after_is_kept(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    receiver.status, receiver.headers = 503, {"Retry-After": "600"}
    actions.send_due(subscription_id=hook.pk, at=at)
    due = Notice.objects.get().next_try_at
    assert due is not None
    assert due >= at + timedelta(minutes=10)


@pytest.mark.parametrize("behaviour", [Behaviour.HANG, Behaviour.CUT, Behaviour.SLOW])
def test_a_receiver_that_gives_no_answer_is_asked_ever_more_rarely(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime, behaviour: Behaviour
) -> None:
    hook = subscribed("message.taken")
    for _ in range(20):
        leave()
    receiver.behaviour = behaviour
    actions.send_due(subscription_id=hook.pk, at=at)
    asked = len(receiver.requests)
    assert asked <= 8
    assert (now(hook).silences, hook.is_slowly_sent) == (1, True)
    assert hook.held_until is not None
    actions.send_due(subscription_id=hook.pk, at=at + SECOND)
    assert len(receiver.requests) == asked  # it is left alone
    actions.send_due(subscription_id=hook.pk, at=at + 20 * SECOND)
    assert len(receiver.requests) == asked + 1  # and then asked with one notice
    assert now(hook).silences == 2
    receiver.freed.set()
    receiver.behaviour = Behaviour.TAKE
    actions.send_due(subscription_id=hook.pk, at=at + timedelta(hours=1))
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert len({headers["idempotency-key"] for headers, _ in receiver.requests}) == 20
    assert now(hook).silences == 0
    assert hook.held_until is None


def test_an_endless_answer_counts_by_its_status(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    receiver.body = b"x" * 5_000_000
    actions.send_due(subscription_id=hook.pk, at=at)
    assert Notice.objects.get().state == NoticeState.SENT
    assert len(Attempt.objects.get().answer) <= 400


def test_redirects_are_not_followed(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    receiver.elsewhere = receiver.address
    actions.send_due(subscription_id=hook.pk, at=at)
    assert len(receiver.requests) == 1
    assert "redirects are not followed" in Attempt.objects.get().answer


def test_a_name_that_leads_inside_by_now_is_refused(
    subscribed: Subscribe,
    leave: Leave,
    receiver: Peer,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hook = subscribed("message.taken", url="http://hooks.invalid:8080/in")
    leave()
    closed = replace(environment(), private_hosts=frozenset[str]())
    monkeypatch.setattr(dialling, "environment", lambda: closed)
    monkeypatch.setattr(dialling, "_resolve", lambda *_: ["10.0.0.7"])
    actions.send_due(subscription_id=hook.pk, at=at)
    assert Notice.objects.get().state == NoticeState.FAILED
    assert "private address" in Attempt.objects.get().answer
    assert now(hook).failing_since is not None


def test_it_is_given_up_after_a_day(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    receiver.status = 500
    when, tries = at, 0
    while (notice := Notice.objects.get()).state == NoticeState.WAITING:
        assert notice.next_try_at is not None
        when, tries = max(when, notice.next_try_at), tries + 1
        actions.send_due(subscription_id=hook.pk, at=when)
    assert notice.state == NoticeState.FAILED
    assert abs(when - (at + timedelta(hours=24))) < timedelta(minutes=1)
    assert 10 <= tries == len(receiver.requests) <= 20


def test_what_waited_too_long_is_given_up_unsent(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    actions.pause(subscription=hook, at=at)
    actions.resume(subscription=hook, at=at + timedelta(hours=30))
    actions.send_due(subscription_id=hook.pk, at=at + timedelta(hours=30))
    assert not receiver.requests
    assert Notice.objects.get().state == NoticeState.FAILED


def test_three_days_of_nothing_but_failures_pause_it(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    receiver.status, receiver.body = 500, b"out of order"
    for day in range(4):
        when = at + timedelta(days=day, seconds=day)
        leave(when=when)
        actions.send_due(subscription_id=hook.pk, at=when)
    assert now(hook).is_paused
    assert hook.paused_because == "Every attempt failed for 3 days; the last one: 500 out of order"
    asked = len(receiver.requests)
    leave(when=at + timedelta(days=4))
    actions.send_due(subscription_id=hook.pk, at=at + timedelta(days=4))
    assert len(receiver.requests) == asked
    assert Notice.objects.count() == 4  # what happens while it is paused is not kept
    actions.resume(subscription=hook, at=at + timedelta(days=4))
    assert (now(hook).is_paused, hook.failing_since, hook.paused_because) == (False, None, "")


def test_one_success_in_between_keeps_it(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    for day in range(5):
        receiver.status = 200 if day == 2 else 500
        when = at + timedelta(days=day)
        leave(when=when)
        actions.send_due(subscription_id=hook.pk, at=when)
    assert not now(hook).is_paused


def test_what_a_dead_worker_had_in_hand_goes_again(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    Notice.objects.update(state=NoticeState.SENDING, tries=1, claimed_at=at)
    Subscription.objects.update(busy_until=at + LEASE)
    actions.send_due(subscription_id=hook.pk, at=at + 10 * SECOND)
    assert not receiver.requests  # it may live
    actions.send_due(subscription_id=hook.pk, at=at + LEASE)
    [(headers, _)] = receiver.requests
    assert headers["idempotency-key"] == str(Notice.objects.get().uuid)
    lost, sent = Attempt.objects.order_by("id")
    assert (lost.number, lost.status, sent.number, sent.status) == (1, None, 2, 200)


def test_a_new_secret_counts_at_once(
    subscribed: Subscribe, leave: Leave, receiver: Peer, secrets: dict[int, str], at: datetime
) -> None:
    hook = subscribed()
    _, secret = actions.new_secret(subscription=hook, at=at)
    assert secret != secrets[hook.pk]
    leave()
    actions.send_due(subscription_id=hook.pk, at=at)
    [(headers, body)] = receiver.requests
    assert is_signed(secret, body, headers["deskbell-signature"], at=at)
    assert not is_signed(secrets[hook.pk], body, headers["deskbell-signature"], at=at)


def test_sent_again_it_is_the_same_and_goes_before_what_waits(
    subscribed: Subscribe, leave: Leave, receiver: Peer, at: datetime
) -> None:
    hook = subscribed("message.taken")
    leave()
    actions.send_due(subscription_id=hook.pk, at=at)
    first = Notice.objects.get()
    Subscription.objects.update(is_slow=True)  # which has one sent after the other
    for _ in range(3):
        leave()
    actions.send_again(notice=first, at=at)
    actions.send_due(subscription_id=hook.pk, at=at)
    assert len(receiver.requests) == 5
    assert receiver.requests[0][1] == receiver.requests[1][1] == first.body.encode()
    assert Notice.objects.get(pk=first.pk).tries == 2


def test_a_test_goes_once(subscribed: Subscribe, receiver: Peer, at: datetime) -> None:
    hook = subscribed("message.taken")
    receiver.status = 500
    notice = actions.send_test(subscription=hook, at=at)
    actions.send_due(subscription_id=hook.pk, at=at)
    [(_, body)] = receiver.requests
    assert json.loads(body) == {
        "id": str(notice.uuid),
        "event": "webhook.test",
        "created_at": "2026-03-04T15:00:00.000Z",
        "data": {"webhook_id": hook.pk, "url": receiver.address},
    }
    assert Notice.objects.get().state == NoticeState.FAILED
