"""Messages go when their time is over, theirs with them; bare facts and everybody else's stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.actions import keep_for
from deskbell.accounts.models import Account
from deskbell.calls.models import Call, Recording
from deskbell.delivery.models import BareProof, Delivery, DeliveryState, Try
from deskbell.foundation.errors import InvalidInput
from deskbell.messages import removing
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Activity, Message
from deskbell.messages.removing import recordings_due, remove_old
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope

DAY = timedelta(days=1)


def taken(account: Account, at: datetime, content: str = "Call me back") -> Message:
    with account_scope(account.pk):
        return take(account_id=account.pk, taken=Taken(content), at=at)


def contents(account: Account) -> list[str]:
    with account_scope(account.pk):
        return list(Message.objects.order_by("id").values_list("content", flat=True))


def test_what_is_older_than_the_account_keeps_goes(
    acme: Account, other: Account, at: datetime
) -> None:
    keep_for(account=other, message_days=7, recording_days=31)
    for account in (acme, other):
        for days in (181, 180, 8, 7, 1):
            taken(account, at - days * DAY, f"{days} days")
    done = {removed.account.number: removed.messages for removed in remove_old(at)}
    assert done == {"W0411": 1, "W0422": 3}
    assert contents(acme) == ["180 days", "8 days", "7 days", "1 days"]
    assert contents(other) == ["7 days", "1 days"]
    assert not list(remove_old(at))


def test_the_bare_proof_stays_and_nothing_else(acme: Account, at: datetime) -> None:
    message = taken(acme, at - 200 * DAY)
    secret = "Bob, bob@example.com"
    with account_scope(acme.pk):
        delivery = Delivery.objects.create(
            account=acme,
            message=message,
            kind="email",
            address=secret,
            contact_name=secret,
            level_name="Weekday",
            attempt=2,
            state=DeliveryState.DELIVERED,
            tries=1,
            answer=secret,
            created_at=message.created_at,
            finished_at=message.created_at + DAY,
        )
        Try.objects.create(
            account=acme,
            delivery=delivery,
            number=1,
            began_at=at,
            ended_at=at,
            fate="delivered",
            answer=secret,
        )
        acknowledge(message=message, by="Bob", at=at - 199 * DAY, through="email")
    version = version_of(acme.pk)
    [removed] = remove_old(at)
    assert (removed.messages, removed.unacknowledged) == (1, 0)
    assert version_of(acme.pk) > version
    with account_scope(acme.pk):
        for model in (Message, Activity, Delivery, Try):
            assert not model.objects.exists()
        [facts] = BareProof.objects.values()
    assert (facts["message_id"], facts["kind"], facts["state"]) == (
        message.pk,
        "email",
        "delivered",
    )
    assert facts["finished_at"] == message.created_at + DAY
    assert secret not in map(str, facts.values())


def test_many_go_in_small_transactions(
    acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "BATCH", 2)
    for _ in range(5):
        taken(acme, at - 200 * DAY)
    [removed] = remove_old(at)
    assert (removed.messages, removed.unacknowledged) == (5, 5)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"message_days": 0, "recording_days": 31}, "message_days"),
        ({"message_days": 181, "recording_days": 31}, "message_days"),
        ({"message_days": 180, "recording_days": 32}, "recording_days"),
        ({"message_days": 180, "recording_days": -1}, "recording_days"),
    ],
)
def test_nothing_is_kept_longer_than_it_may(acme: Account, days: Any, field: str) -> None:
    with pytest.raises(InvalidInput, match="are kept for 1 to") as refused:
        keep_for(account=acme, **days)
    assert refused.value.field == field


def test_a_messages_recording_goes_with_it(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        call = Call.objects.create(account=acme, sid="CA1", started_at=at)
        gone, kept, alone = (
            Recording.objects.create(account=acme, call=call, started_at=at - days * DAY)
            for days in (9, 2, 9)
        )
        for recording in (gone, kept):
            words = Taken("", recording=recording)
            take(account_id=acme.pk, taken=words, at=recording.started_at)
    assert recordings_due(acme, at, message_days=7, recording_days=31) == 1
    assert recordings_due(acme, at, message_days=7, recording_days=8) == 2
    keep_for(account=acme, message_days=7, recording_days=31)
    assert [removed.messages for removed in remove_old(at)] == [1]
    with account_scope(acme.pk):
        left = Recording.objects.filter(removed_at=None)
        assert {each.pk for each in left} == {kept.pk, alone.pk}
