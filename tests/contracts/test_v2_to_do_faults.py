"""What nobody can mean by a To Do is refused by name, the first fault in the order of the tables.

Source: seed 000, "Create a To Do" and its "Error Responses"; design, portal API, "Errors".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account
from deskbell.platform.tenancy import account_scope
from tests.to_dos_api import CALL, EMAIL, GOOD, URL, client_of, post, with_

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(acme: Account, at: datetime) -> Account:
    with account_scope(acme.pk):
        add_number(account=acme, number="+17542838007", at=at)
    return acme


@pytest.fixture
def client(account: Account, at: datetime) -> Client:
    return client_of(account, at)


def fault(client: Client, body: Any) -> str:
    """What a body is refused with, in words; it makes nothing."""
    answer = post(client, body)
    assert answer.status_code == 422, answer.content
    assert set(answer.json()) == {"error"}
    assert client.get(URL).json() == {"data": []}
    return str(answer.json()["error"])


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({}, "Missing parameter: account_number"),
    (with_(GOOD, from_="+1 212 555 0199"), "Invalid parameter: from"),
    (with_(GOOD, from_=7542838007.5), "Invalid parameter: from"),
    (with_(GOOD, from_=True), "Invalid parameter: from"),
    (with_(GOOD, account_number=None), "Missing parameter: account_number"),
    (with_(GOOD, account_number=""), "Missing parameter: account_number"),
    (with_(GOOD, account_number="W0422"), "Invalid parameter: account_number"),
    (with_(GOOD, account_number=["W0411"]), "Invalid parameter: account_number"),
    (with_(GOOD, delivery_type=None), "Missing parameter: delivery_type"),
    (with_(GOOD, delivery_type="fax"), "Invalid parameter: delivery_type"),
    (with_(CALL, instructions=None), "Missing parameter: instructions"),
    (with_(CALL, instructions="x" * 1_000_000), "Invalid parameter: instructions"),
    (with_(GOOD, contact=None), "Missing parameter: contact"),
    (with_(GOOD, contact="  "), "Missing parameter: contact"),
    (with_(GOOD, contact=9876543210), "Invalid parameter: contact"),
    (with_(GOOD, contact="call me"), "Invalid parameter: contact"),
    (with_(EMAIL, contact="9876543210"), "Invalid parameter: contact"),
    (with_(CALL, contact="jose@example.com"), "Invalid parameter: contact"),
    (with_(GOOD, message_text=None), "Missing parameter: message_text"),
    (with_(GOOD, message_text="x" * 1_000_000), "Invalid parameter: message_text"),
    (with_(GOOD, message_text="a\0b"), "Invalid parameter: message_text"),
    (with_(GOOD, message_text="\ud800"), "Invalid parameter: message_text"),
    (with_(GOOD, message_text={"a": 1}), "Invalid parameter: message_text"),
    (with_(EMAIL, message_text="x" * 1_000_000), "Invalid parameter: message_text"),
    (with_(GOOD, schedule=None), "Missing parameter: schedule"),
    (with_(GOOD, schedule="weekly"), "Invalid parameter: schedule"),
    (with_(GOOD, schedule={}), "Missing parameter: rule"),
    (with_(GOOD, schedule={"rule": "never"}), "Invalid parameter: rule"),
    (with_(GOOD, schedule={"rule": "recurring"}), "Missing parameter: frequency"),
    (with_(GOOD, schedule__frequency="hourly"), "Invalid parameter: frequency"),
    (with_(GOOD, schedule__times=None), "Missing parameter: times"),
    (with_(GOOD, schedule__times=[]), "Missing parameter: times"),
    (with_(GOOD, schedule={"rule": "today"}), "Missing parameter: times"),
    (with_(GOOD, schedule__times=["25:00 PM"]), "Invalid parameter: times"),
    (with_(GOOD, schedule__times=["9:60 AM"]), "Invalid parameter: times"),
    (with_(GOOD, schedule__times=["13:00"]), "Invalid parameter: times"),
    (with_(GOOD, schedule__times=["0:00 AM"]), "Invalid parameter: times"),
    (with_(GOOD, schedule__times=[9]), "Invalid parameter: times"),
    (with_(GOOD, schedule__times={"9:00 AM": 1}), "Invalid parameter: times"),
    (with_(GOOD, schedule__times=["\u0669:\u0660\u0660 AM"]), "Invalid parameter: times"),
    (with_(GOOD, schedule__interval=0), "Invalid parameter: interval"),
    (with_(GOOD, schedule__interval=-1), "Invalid parameter: interval"),
    (with_(GOOD, schedule__interval=1.5), "Invalid parameter: interval"),
    (with_(GOOD, schedule__interval=10**30), "Invalid parameter: interval"),
    (with_(GOOD, schedule__interval=True), "Invalid parameter: interval"),
    (with_(GOOD, schedule__days=["Someday"]), "Invalid parameter: days"),
    (with_(GOOD, schedule__days=["Tuesday", None]), "Invalid parameter: days"),
    (with_(GOOD, schedule__days=["31"]), "Invalid parameter: days"),
    (with_(EMAIL, schedule__day=["32"]), "Invalid parameter: days"),
    (with_(EMAIL, schedule__day=[0]), "Invalid parameter: days"),
    (with_(EMAIL, schedule__day=["Monday"]), "Invalid parameter: days"),
    (with_(EMAIL, sender_name="x" * 1000), "Invalid parameter: sender_name"),
    (with_(EMAIL, sender_name="Acme\r\nBcc: all@example.com"), "Invalid parameter: sender_name"),
    (with_(EMAIL, from_email="nobody"), "Invalid parameter: from_email"),
    (with_(EMAIL, subject="x" * 1000), "Invalid parameter: subject"),
    (with_(EMAIL, subject=5), "Invalid parameter: subject"),
]


@pytest.mark.parametrize(("body", "words"), FAULTS)
def test_what_cannot_be_meant_is_refused(client: Client, body: dict[str, Any], words: str) -> None:
    assert fault(client, body) == words


def test_the_first_fault_in_the_order_of_the_table_is_told(client: Client) -> None:
    """Of a wrong value and a wrong kind alike."""
    body: dict[str, Any] = {
        "from": {}, "account_number": "W0422", "delivery_type": "fax", "instructions": 1,
        "contact": "nobody", "message_text": [], "schedule": {"rule": 7}, "sender_name": 5,
        "from_email": "x", "subject": False,
    }  # fmt: skip
    mended = [
        ("from", None), ("account_number", "W0411"), ("delivery_type", "email"),
        ("instructions", None), ("contact", "jose@example.com"), ("message_text", "Hello"),
        ("rule", None), ("sender_name", "Acme"), ("from_email", "a@example.com"), ("subject", "Hi"),
    ]  # fmt: skip
    for name, value in mended:
        assert fault(client, body) == f"Invalid parameter: {name}"
        place = "schedule" if name == "rule" else name
        body[place] = GOOD["schedule"] if name == "rule" else value
    assert post(client, body).status_code == 201


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "5", '"to do"', "[" * 100_000, b"\xff\xfe{", "{'a': 1}", "NaN"]
)
def test_a_body_that_cannot_be_read_is_400(client: Client, body: str | bytes) -> None:
    answer = post(client, body)
    assert answer.status_code == 400, answer.content
    assert set(answer.json()) == {"error"}
    assert "of ours" not in answer.json()["error"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "9:00 AM", "25:00 PM", "Monday", "31", "weekly", "W0411"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = ["from", *GOOD, "instructions", "sender_name", "from_email", "subject"]
SCHEDULES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("rule", "frequency", "times", "interval", "days", "day"), ANYTHING),
)


@given(
    base=st.sampled_from([GOOD, EMAIL, CALL]),
    wrong=st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=1, max_size=3),
    schedule=st.none() | SCHEDULES,
)
@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_wrong_kinds_anywhere_are_told_by_name(
    client: Client, base: dict[str, Any], wrong: dict[str, Any], schedule: dict[str, Any] | None
) -> None:
    body = {**base, **wrong}
    if schedule is not None:
        body["schedule"] = {**base["schedule"], **schedule}
    answer = post(client, body)
    assert answer.status_code in {201, 422}, answer.content
    if answer.status_code == 422:
        kind, _, name = answer.json()["error"].partition(" parameter: ")
        assert kind in {"Missing", "Invalid"}
        assert name in {*NAMES, "rule", "frequency", "times", "interval", "days"}
