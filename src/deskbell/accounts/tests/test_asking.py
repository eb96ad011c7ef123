"""Requests for access: who may ask, how often, and that each is decided once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts import hooks, queries
from deskbell.accounts.actions import (
    ask_for_access,
    asking,
    decline_access,
    forget_requests,
    grant_access,
    invite,
)
from deskbell.accounts.errors import TooOften
from deskbell.accounts.hooks import RequestEvent
from deskbell.accounts.models import AccessRequest, Account, User
from deskbell.foundation.errors import Conflict, InvalidInput

pytestmark = pytest.mark.django_db


def asked(at: datetime, **fields: Any) -> AccessRequest | None:
    whole = {
        "name": "Dana Reed",
        "email": "dana@example.net",
        "company": "Reed Roofing",
        "phone": "212 555 0190",
        "words": "We are new",
        "address": "192.0.2.1",
    }
    return ask_for_access(**(whole | fields), at=at)


def test_a_request_waits_for_the_operator_and_tells_of_it(at: datetime) -> None:
    heard: list[RequestEvent] = []
    hooks.access_asked.subscribe(heard.append)
    try:
        made = asked(at)
    finally:
        hooks.access_asked.unsubscribe(heard.append)
    assert made is not None
    assert list(queries.open_requests()) == [made]
    assert [event.request_id for event in heard] == [made.pk]


def test_asking_twice_is_one_request(at: datetime) -> None:
    assert asked(at) is not None
    assert asked(at, email="DANA@example.net", name="Somebody else") is None
    assert queries.open_requests().count() == 1


def test_whoever_signs_in_here_already_may_ask_like_anybody(at: datetime, alice: User) -> None:
    assert asked(at, email=alice.email) is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("name", "a\0b"),
        ("email", "nobody"),
        ("email", "a@b.example\nBcc: c@d.example"),
        ("email", "x" * 300 + "@example.net"),
        ("company", "x" * 201),
        ("phone", "1" * 33),
        ("words", "x" * 2001),
    ],
)
def test_what_cannot_be_right_is_said(at: datetime, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(at, **{field: value})
    assert refused.value.field == field
    assert not AccessRequest.objects.exists()


def test_five_a_day_from_one_network(at: datetime) -> None:
    for number in range(5):
        asked(at, email=f"d{number}@example.net", address=f"2001:db8::{number}")
    with pytest.raises(TooOften):
        asked(at, email="d6@example.net", address="2001:db8::6")
    assert asked(at, email="d6@example.net", address="192.0.2.7") is not None
    assert asked(at + timedelta(days=1), email="d7@example.net", address="2001:db8::7") is not None


def test_so_many_wait_and_no_more(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_OPEN", 3)
    for number in range(3):
        asked(at, email=f"d{number}@example.net", address=f"192.0.2.{number}")
    with pytest.raises(TooOften):
        asked(at, email="d9@example.net", address="192.0.2.9")


def test_a_request_is_declined_once(at: datetime, olivia: User) -> None:
    made = asked(at)
    assert made is not None
    assert decline_access(request=made, by=olivia, at=at).decided_by == olivia.email
    with pytest.raises(Conflict, match=r"olivia@example\.com"):
        decline_access(request=made, by=olivia, at=at)
    assert not queries.open_requests().exists()
    assert asked(at) is not None


def test_an_invitation_answers_its_own_request(at: datetime, olivia: User, acme: Account) -> None:
    made = asked(at)
    assert made is not None
    other = invite(email="else@example.net", name="", by=olivia, at=at, account=acme)
    with pytest.raises(InvalidInput):
        grant_access(request=made, invitation=other, by=olivia, at=at)
    right = invite(email="Dana@example.net", name="", by=olivia, at=at, account=acme)
    assert grant_access(request=made, invitation=right, by=olivia, at=at).invitation == right


def test_decided_ones_are_forgotten_and_open_ones_are_not(at: datetime, olivia: User) -> None:
    made = asked(at)
    assert made is not None
    decline_access(request=made, by=olivia, at=at)
    asked(at, email="else@example.net")
    forget_requests(at=at + timedelta(days=91))
    assert [each.email for each in AccessRequest.objects.all()] == ["else@example.net"]
