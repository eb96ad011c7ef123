"""Webhooks over the API: made, changed, tested, looked into; and what they are told equals what
the Messages API says at that moment.

Source: design, portal API, "Messages" and "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery.transports.webhook.tests.peer import Peer
from deskbell.foundation import dialling
from deskbell.foundation.environment import environment
from deskbell.messages import actions as messages
from deskbell.messages.actions import Taken
from deskbell.messages.arrivals import Arrival, mark_arrived
from deskbell.messages.models import Message
from deskbell.messages.moves import Move, move
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks import actions
from deskbell.webhooks.models import Notice, Subscription

pytestmark = pytest.mark.django_db
URL = "/api/v2/webhooks"
GOOD = {"url": "https://8.8.8.8/hook", "events": ["message.acknowledged", "message.taken"]}
FIELDS = [
    *("id", "url", "events", "is_paused", "paused_because", "failing_since", "last_attempt_at"),
    *("last_status", "last_answer", "created_by", "created_at", "updated_at"),
]


def client_of(account: Account, *scopes: str, at: datetime) -> Client:
    token = make_api_token(account=account, name="CRM", scopes=list(scopes), at=at)
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def client(acme: Account, at: datetime) -> Client:
    return client_of(acme, "webhooks:read", "webhooks:write", "messages:read", at=at)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    with Peer() as peer:
        allowed = replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        yield peer


def post(client: Client, url: str, content: object = None, **more: Any) -> Any:
    return client.post(url, json.dumps(content or {}), content_type="application/json", **more)


def patch(client: Client, url: str, content: object) -> Any:
    return client.patch(url, json.dumps(content), content_type="application/json")


def made(client: Client, **changes: Any) -> dict[str, Any]:
    answer = post(client, URL, {**GOOD, **changes})
    assert answer.status_code == 201, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_the_secret_is_shown_once(client: Client) -> None:
    shown = made(client)
    assert list(shown) == [*FIELDS, "secret"]
    assert shown["secret"].startswith("whsec_")
    assert shown["events"] == ["message.taken", "message.acknowledged"]
    assert shown["created_by"] == "CRM"
    one = client.get(f"{URL}/{shown['id']}").json()["data"]
    assert one == {name: shown[name] for name in FIELDS}
    assert list(one) == FIELDS
    listed = client.get(URL)
    assert listed.json() == {"data": [one]}
    assert listed.headers["X-Total-Count"] == "1"
    with account_scope(one["id"] and Account.objects.get().pk):
        assert shown["secret"] not in Subscription.objects.get().secret


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({}, 422, "Missing parameter: url"),
        ({"url": GOOD["url"]}, 422, "Missing parameter: events"),
        ({**GOOD, "url": ""}, 422, "Missing parameter: url"),
        ({**GOOD, "events": []}, 422, "Missing parameter: events"),
        ({**GOOD, "url": 7}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "ftp://example.com"}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "http://127.0.0.1/"}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "http://[::1]/"}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "http://169.254.169.254/latest"}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "http://alice:secret@8.8.8.8/"}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "https://8.8.8.8/\0"}, 422, "Invalid parameter: url"),
        ({**GOOD, "url": "https://8.8.8.8/" + "x" * 2000}, 422, "Invalid parameter: url"),
        ({**GOOD, "events": "message.taken"}, 422, "Invalid parameter: events"),
        ({**GOOD, "events": [7]}, 422, "Invalid parameter: events"),
        ({**GOOD, "events": ["message.eaten"]}, 422, "Invalid parameter: events"),
        ({**GOOD, "events": ["webhook.test"]}, 422, "Invalid parameter: events"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    client: Client, given: object, status: int, error: str
) -> None:
    answer = post(client, URL, given)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_it_is_changed_paused_and_deleted(client: Client) -> None:
    url = f"{URL}/{made(client)['id']}"
    assert patch(client, url, {}).status_code == 200
    changed = patch(client, url, {"url": "https://1.1.1.1/", "is_paused": True}).json()["data"]
    assert (changed["url"], changed["is_paused"]) == ("https://1.1.1.1/", True)
    assert changed["events"] == ["message.taken", "message.acknowledged"]
    assert post(client, f"{url}/send_test").json() == {
        "error": "This webhook is paused; resume it first"
    }
    assert not patch(client, url, {"is_paused": False}).json()["data"]["is_paused"]
    for wrong in ({"is_paused": "yes"}, {"events": ["x"]}, {"url": "http://10.0.0.1"}):
        answer = patch(client, url, wrong)
        assert answer.json() == {"error": f"Invalid parameter: {next(iter(wrong))}"}
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.delete(url).status_code == 404
    assert client.get(URL).json() == {"data": []}


def test_an_account_has_twenty_at_most(client: Client) -> None:
    for _ in range(20):
        made(client)
    answer = post(client, URL, GOOD)
    assert answer.status_code == 409
    assert answer.json() == {"error": "An account has 20 webhooks at most; remove one first"}


def test_a_test_and_a_second_sending(
    client: Client, receiver: Peer, acme: Account, at: datetime
) -> None:
    shown = made(client, url=receiver.address)
    url = f"{URL}/{shown['id']}"
    answer = post(client, f"{url}/send_test")
    assert answer.status_code == 202
    notice = answer.json()["data"]
    assert list(notice) == [
        *("id", "event", "message_id", "state", "tries", "created_at", "finished_at", "attempts")
    ]
    assert (notice["event"], notice["state"]) == ("webhook.test", "waiting")
    assert post(client, f"{url}/send_test").status_code == 409
    later = datetime.fromisoformat(notice["created_at"]) + timedelta(seconds=1)
    with account_scope(acme.pk):
        actions.send_due(subscription_id=shown["id"], at=later)
    told = client.get(f"{url}/notices").json()["data"]
    assert [(each["id"], each["state"]) for each in told] == [(notice["id"], "sent")]
    [attempt] = told[0]["attempts"]
    assert list(attempt) == ["number", "at", "milliseconds", "status", "answer"]
    assert (attempt["number"], attempt["status"]) == (1, 200)
    again = post(client, f"{url}/notices/{notice['id']}/send_again")
    assert (again.status_code, again.json()["data"]["state"]) == (202, "waiting")
    with account_scope(acme.pk):
        actions.send_due(subscription_id=shown["id"], at=later)
    one, two = receiver.requests
    assert one[1] == two[1]
    assert one[0]["idempotency-key"] == two[0]["idempotency-key"] == notice["id"]
    assert client.get(f"{url}/notices/{notice['id']}").json()["data"]["tries"] == 2


def test_a_new_secret(client: Client) -> None:
    shown = made(client)
    again = post(client, f"{URL}/{shown['id']}/new_secret").json()["data"]
    assert again["secret"].startswith("whsec_")
    assert again["secret"] != shown["secret"]


@pytest.mark.parametrize("name", ["nope", "1", "5f0c3f0e-54a1-4f0b-9d53-1c2b6f6f8a11"])
def test_an_unknown_notice_is_404(client: Client, name: str) -> None:
    answer = client.get(f"{URL}/{made(client)['id']}/notices/{name}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


def test_another_accounts_webhooks_are_404(
    client: Client, other: Account, acme: Account, at: datetime
) -> None:
    stranger = client_of(other, "webhooks:read", "webhooks:write", at=at)
    url = f"{URL}/{made(client)['id']}"
    notice = post(client, f"{url}/send_test").json()["data"]["id"]
    assert stranger.get(URL).json() == {"data": []}
    answers = [
        stranger.get(url),
        patch(stranger, url, {"is_paused": True}),
        stranger.delete(url),
        post(stranger, f"{url}/new_secret"),
        post(stranger, f"{url}/send_test"),
        stranger.get(f"{url}/notices"),
        stranger.get(f"{url}/notices/{notice}"),
        post(stranger, f"{url}/notices/{notice}/send_again"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert not client.get(url).json()["data"]["is_paused"]
    with account_scope(acme.pk):
        assert Notice.objects.get().state == "waiting"


def test_who_may_read_may_not_write(client: Client, acme: Account, at: datetime) -> None:
    url = f"{URL}/{made(client)['id']}"
    reader = client_of(acme, "webhooks:read", at=at)
    assert reader.get(url).status_code == 200
    answers = [
        post(reader, URL, GOOD),
        patch(reader, url, {}),
        reader.delete(url),
        post(reader, f"{url}/new_secret"),
        post(reader, f"{url}/send_test"),
    ]
    assert {answer.status_code for answer in answers} == {403}


def test_lists_take_few_queries(
    client: Client,
    acme: Account,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = f"{URL}/{made(client)['id']}"
    with account_scope(acme.pk):
        for number in range(30):
            messages.take(account_id=acme.pk, taken=Taken(f"Call {number}"), at=at)
    with django_assert_max_num_queries(6):
        assert len(client.get(f"{url}/notices").json()["data"]) == 25
    with django_assert_max_num_queries(4):
        client.get(URL)


# What a webhook is told is what the Messages API says at that very moment.


@pytest.fixture
def told(acme: Account, at: datetime) -> Callable[[], dict[str, Any]]:
    """Subscribes Acme to everything; gives what it was told last."""
    with account_scope(acme.pk):
        actions.subscribe(
            account_id=acme.pk, url="https://8.8.8.8/", events=actions.EVENTS, by="alice", at=at
        )

    def last() -> dict[str, Any]:
        with account_scope(acme.pk):
            body = Notice.objects.order_by("-id")[0].body
        found: dict[str, Any] = json.loads(body)
        return found

    return last


@pytest.fixture
def message(acme: Account, acme_number: PhoneNumber, at: datetime, told: object) -> Message:
    answers: Any = {
        "zip": "10001",
        "insurance \u05e9\u05dc\u05d5\u05dd": 'Acme "Care" \U0001f9b7 %s {}',
        "user_id": 7,
        "a": {"nested": [1, None]},
    }
    with account_scope(acme.pk):
        taken = Taken('It "hurts" \\ \u202eand\n</script>', answers, number=acme_number)
        return messages.take(account_id=acme.pk, taken=taken, at=at)


def same(client: Client, message: Message, said: dict[str, Any], event: str) -> None:
    shown = client.get(f"/api/v2/messages/{message.pk}").json()["data"]
    assert said["event"] == event
    assert said["data"] == shown
    assert list(said["data"]) == list(shown)
    assert list(said["data"]["answers"]) == list(shown["answers"])


def test_what_is_told_equals_what_the_messages_api_says(
    client: Client, told: Callable[[], dict[str, Any]], message: Message, at: datetime
) -> None:
    same(client, message, told(), "message.taken")
    at += timedelta(seconds=2, milliseconds=345)
    with account_scope(message.account_id):
        first = Move(Message.objects.get(), 7, 1, at + timedelta(minutes=5), texts=("Tried",))
        move([first], at=at)
    assert told()["event"] == "message.taken"  # its first level is none that it goes on to
    with account_scope(message.account_id):
        arrival = Arrival(message.account_id, message.pk, "Email to Bob delivered", "Bob", 3)
        mark_arrived([arrival], at=at)
    same(client, message, told(), "message.delivered")
    assert told()["created_at"] == "2026-03-04T15:00:02.345Z"
    with account_scope(message.account_id):
        mark_arrived([arrival], at=at)
        assert Notice.objects.filter(happening="message.delivered").count() == 1
        onward = Move(Message.objects.get(), 8, 1, at + timedelta(minutes=9), texts=("On",))
        move([onward], at=at)
    same(client, message, told(), "message.escalated")
    with account_scope(message.account_id):
        end = Move(Message.objects.get(), None, 0, None, texts=("The end",), is_exhausted=True)
        move([end], at=at)
    same(client, message, told(), "message.exhausted")
    with account_scope(message.account_id):
        found = Message.objects.get()
        messages.acknowledge(message=found, by="alice", at=at, through="portal")
    same(client, message, told(), "message.acknowledged")


def test_other_accounts_are_told_nothing(
    told: Callable[[], dict[str, Any]], other: Account, acme: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        messages.take(account_id=other.pk, taken=Taken("A pipe broke"), at=at)
        assert not Notice.objects.exists()
    with account_scope(acme.pk):
        assert not Notice.objects.exists()
    assert told is not None
