"""A message's life: taken, delivered, acknowledged once, and never lost between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.errors import InvalidInput, NotFound, OutOfScope
from deskbell.messages import actions, hooks, queries
from deskbell.messages.actions import Taken
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope


@pytest.fixture
def scope(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


def take(account: Account, at: datetime, content: str = "Please call back") -> Message:
    return actions.take(account_id=account.pk, taken=Taken(content=content), at=at)


def test_answers_keep_their_order(scope: Account, at: datetime, acme_number: PhoneNumber) -> None:
    answers = {"zip": "10001", "urgent": "Yes", "city": "", "a": "1"}
    made = actions.take(
        account_id=scope.pk, taken=Taken("Hello", answers, number=acme_number), at=at
    )
    found = queries.one(made.pk)
    assert list(found.answers.items()) == list(answers.items())
    assert found.phone_number == acme_number.number
    assert [activity.text for activity in queries.activities_of(found)] == ["Message taken"]
    assert found.activities_count == 1


def test_what_a_receptionist_took_is_kept_with_it(scope: Account, at: datetime) -> None:
    fields: dict[str, Any] = {
        "alt_phone": "+12125550102",
        "address": "1 Main St",
        "address2": "Floor 2",
        "city": "New York",
        "state": "NY",
        "zip": "10001",
        "how_you_hear_about_us": "A friend\0",
        "agent_id": 3,
        "closing_action_group_id": 1,
        "disposition": "x" * 65,
        "is_for_check_in": True,
        "non_message_type": "Sales",
    }
    made = actions.take(account_id=scope.pk, taken=Taken("Hello", taken_by="rita", **fields), at=at)
    found = queries.one(made.pk)
    expected = fields | {"how_you_hear_about_us": "A friend", "disposition": "x" * 64}
    assert {name: getattr(found, name) for name in fields} == expected
    [activity] = queries.activities_of(found)
    assert activity.by == "rita"
    assert activity.text == "Message taken by rita, to be read out when the client calls in"
    assert queries.one(take(scope, at).pk).disposition is None


def test_a_message_needs_something_in_it(scope: Account, at: datetime) -> None:
    with pytest.raises(InvalidInput, match="content or a recording"):
        take(scope, at, content="  \n")
    assert not Message.objects.exists()


def test_those_above_hear_of_it_in_the_same_transaction(scope: Account, at: datetime) -> None:
    heard: list[hooks.MessageEvent] = []

    def fail(event: hooks.MessageEvent) -> None:
        heard.append(event)
        raise ZeroDivisionError

    hooks.message_taken.subscribe(fail)
    try:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            take(scope, at)
    finally:
        hooks.message_taken.unsubscribe(fail)
    assert heard
    assert not Message.objects.exists()


def test_the_second_to_acknowledge_is_told_who_was_first(scope: Account, at: datetime) -> None:
    message = take(scope, at)
    version = version_of(scope.pk)
    done = actions.acknowledge(message=message, by="alice", at=at, through="portal")
    assert (done.status, done.read, done.acknowledged_from) == ("acknowledged", True, "portal")
    assert version_of(scope.pk) > version
    with pytest.raises(AlreadyAcknowledged, match="by alice"):
        actions.acknowledge(message=message, by="bob", at=at, through="email")
    texts = [activity.text for activity in queries.activities_of(message)]
    assert texts == ["Message taken", "Acknowledged by alice, in the portal"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_one_wins(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        message = take(acme, at)
    results: list[str] = []
    start = threading.Barrier(2)

    def acknowledge(by: str) -> None:
        with account_scope(acme.pk):
            start.wait(5)
            try:
                actions.acknowledge(message=message, by=by, at=at, through="portal")
                results.append(f"{by} won")
            except AlreadyAcknowledged as late:
                results.append(f"after {late.by}")
            finally:
                connection.close()

    threads = [threading.Thread(target=acknowledge, args=(name,)) for name in ("alice", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    winner = next(result.removesuffix(" won") for result in results if result.endswith("won"))
    assert sorted(results) == sorted([f"{winner} won", f"after {winner}"])


def test_only_the_first_delivery_counts(scope: Account, at: datetime) -> None:
    message = take(scope, at)
    later = at + timedelta(minutes=1)
    actions.mark_delivered(message=message, to="alice", contact_id=7, at=at)
    actions.mark_delivered(message=message, to="bob", contact_id=8, at=later)
    found = queries.one(message.pk)
    assert (found.status, found.delivered_to, found.delivered_at) == ("delivered", "alice", at)


def test_an_exhausted_message_can_still_be_acknowledged(scope: Account, at: datetime) -> None:
    message = take(scope, at)
    for _ in range(2):
        actions.exhaust(message=message, text="Nobody acknowledged", at=at)
    assert queries.one(message.pk).status == MessageStatus.EXHAUSTED
    assert queries.activities_of(message).filter(kind="exhausted").count() == 1
    actions.acknowledge(message=message, by="alice", at=at, through="api")
    actions.exhaust(message=message, text="Too late", at=at)
    assert queries.one(message.pk).status == MessageStatus.ACKNOWLEDGED
    assert queries.activities_of(message).last().text == "Acknowledged by alice, over the API"  # type: ignore[union-attr]


def test_many_are_acknowledged_and_the_late_ones_stay(scope: Account, at: datetime) -> None:
    first, second = take(scope, at), take(scope, at)
    actions.acknowledge(message=first, by="bob", at=at, through="portal")
    done = actions.acknowledge_many(messages=[first, second], by="alice", at=at, through="portal")
    assert [message.pk for message in done] == [second.pk]
    assert queries.one(first.pk).acknowledged_by == "bob"


def test_read_is_written_down_once(scope: Account, at: datetime) -> None:
    message = take(scope, at)
    actions.mark_read(message=message, by="alice", at=at)
    actions.mark_read(message=message, by="bob", at=at)
    assert [activity.text for activity in queries.activities_of(message)][1:] == ["Read by alice"]


def test_another_account_s_message_does_not_exist(
    acme: Account, other: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        message = take(acme, at)
    with account_scope(other.pk):
        with pytest.raises(NotFound):
            queries.one(message.pk)
        with pytest.raises(NotFound):
            actions.acknowledge(message=message, by="charlie", at=at, through="portal")
        with pytest.raises(OutOfScope):
            take(acme, at)
