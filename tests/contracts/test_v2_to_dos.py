"""To Dos over the API: the seed's examples as printed, and all that is refused.

Source: seed 000, "To Dos API"; design, portal API, "To Dos" and "Errors".
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.actions import add_number, make_api_token
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope
from deskbell.todos import actions, queries
from deskbell.todos.models import ToDo

pytestmark = pytest.mark.django_db
URL = "/api/v2/to_dos"
OTHER_URL = "/api/v2/to-dos"
# Request Example 1 as printed: the one example that is refused, for its contact.
EXAMPLE_1: dict[str, Any] = {
    "account_number": "W0411",
    "delivery_type": "sms",
    "contact": "jose@berkshirereceptionists.com",
    "from": "+17542838007",
    "message_text": "Latest code: This should be an active todo",
    "schedule": {
        "frequency": "weekly",
        "times": ["9:00 AM"],
        "days": ["Tuesday", "Thursday", "Saturday"],
        "interval": 2,
    },
}
GOOD = {**EXAMPLE_1, "contact": "9876543210"}
# Request Example 2, with the comma that its print lacks behind `from`.
EXAMPLE_2 = """{
  "from": 9549695432,
  "account_number": "W0422",
  "delivery_type": "sms",
  "contact": "9876543210",
  "message_text": "Reminder: Your appointment is coming up soon.",
  "schedule": {
    "frequency": "weekly",
    "interval": 1,
    "times": ["9:00 AM", "3:00 PM"],
    "days": ["monday", "wednesday"]
  }
}"""
EMAIL = {
    "account_number": "W0411",
    "delivery_type": "email",
    "contact": "jose@example.com",
    "message_text": "The report is due.",
    "schedule": {
        "rule": "recurring",
        "frequency": "monthly",
        "times": ["5:30 PM"],
        "day": ["1", 18],
    },
    "sender_name": "Acme Dental",
    "from_email": "desk@example.com",
    "subject": "Report",
}
CALL = {
    "account_number": "W0411",
    "delivery_type": "call",
    "instructions": "Lock the back door.",
    "contact": "+1 212 555 0177",
    "schedule": {"frequency": "daily", "times": ["10:00 PM"]},
}
# What the print of Response Example 1 says, as it was asked on 28 November 2024 in New York.
MADE_AT = datetime(2024, 11, 28, 17, 28, 12, 723_400, tzinfo=UTC)


@pytest.fixture
def account(acme: Account, at: datetime) -> Account:
    with account_scope(acme.pk):
        add_number(account=acme, number="+17542838007", at=at)
    return acme


@pytest.fixture
def client(account: Account, at: datetime) -> Client:
    return client_of(account, at)


def client_of(account: Account, at: datetime, *scopes: str) -> Client:
    """A client with a token of the account."""
    wanted = list(scopes) or ["to_dos:read", "to_dos:write"]
    token = make_api_token(account=account, name="CRM", scopes=wanted, at=at)
    return Client(headers={"Authorization": f"Bearer {token}"})


def post(client: Client, body: Any, url: str = URL) -> Any:
    """Asks for a To Do; a text goes as it is."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(url, text, content_type="application/json")


def fault(client: Client, body: Any) -> str:
    """What a body is refused with, in words; it makes nothing."""
    answer = post(client, body)
    assert answer.status_code == 422, answer.content
    assert set(answer.json()) == {"error"}
    assert client.get(URL).json() == {"data": []}
    return str(answer.json()["error"])


def with_(body: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The body with other fields; None takes one away; `schedule__times` means one inside."""
    made = copy.deepcopy(body)
    for name, value in changed.items():
        place, _, inner = name.partition("__")
        inside, last = (made[place], inner) if inner else (made, place.rstrip("_"))
        inside[last] = value
        if value is None:
            del inside[last]
    return made


def test_request_example_1_is_refused_as_printed(client: Client) -> None:
    assert fault(client, EXAMPLE_1) == "Invalid parameter: contact"


def test_response_example_1_byte_for_byte(
    client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the print's values in their places, and the kinds of its nulls."""
    monkeypatch.setattr(clock, "now", lambda: MADE_AT)
    answer = post(client, GOOD)
    assert answer.status_code == 201, answer.content
    made = answer.json()["data"]
    with account_scope(account.pk):
        phone = PhoneNumber.objects.get(digits="7542838007")
    expected = {
        "data": {
            "to_do": {
                "id": made["to_do"]["id"],
                "phone_id": phone.pk,
                "delivery_type": "sms",
                "instructions": None,
                "contact": "9876543210",
                "created_at": "2024-11-28T17:28:12.723Z",
                "updated_at": "2024-11-28T17:28:12.723Z",
                "message_text": "Latest code: This should be an active todo",
                "times": None,
                "is_sending": False,
                "run_at": None,
                "from": "7542838007",
                "subject": None,
                "from_email": None,
                "sendgrid_authenticated_domain_id": None,
                "sender_name": None,
            },
            "schedule": {
                "id": made["schedule"]["id"],
                "schedulable_id": made["to_do"]["id"],
                "schedulable_type": "ToDo",
                "rule": {
                    "rule_type": "IceCube::WeeklyRule",
                    "interval": 2,
                    "validations": {"day": [2, 4, 6]},
                },
                "times": ["9:00 AM"],
                "previous_occurrence": None,
                "next_occurrence": "2024-11-30T14:00:00.000Z",
                "created_at": "2024-11-28T17:28:12.723Z",
                "updated_at": "2024-11-28T17:28:12.723Z",
            },
        }
    }
    assert json.dumps(answer.json()) == json.dumps(expected)
    assert type(made["to_do"]["id"]) is type(made["schedule"]["id"]) is int
    one = client.get(f"{URL}/{made['to_do']['id']}")
    assert (one.status_code, json.dumps(one.json())) == (200, json.dumps(expected))
    assert json.dumps(client.get(URL).json()) == json.dumps({"data": [expected["data"]]})


def test_request_example_2_works(other: Account, at: datetime) -> None:
    with account_scope(other.pk):
        phone = add_number(account=other, number="+1 954 969 5432", at=at)
    answer = post(client_of(other, at), EXAMPLE_2, OTHER_URL)
    assert answer.status_code == 201, answer.content
    made = answer.json()["data"]
    assert made["to_do"] | {"from": "9549695432", "phone_id": phone.pk} == made["to_do"]
    assert made["schedule"]["times"] == ["9:00 AM", "3:00 PM"]
    assert made["schedule"]["rule"] == {
        "rule_type": "IceCube::WeeklyRule",
        "interval": 1,
        "validations": {"day": [1, 3]},
    }
    as_printed = EXAMPLE_2.replace("9549695432,", "9549695432")
    answer = post(client_of(other, at), as_printed)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("body", [EMAIL, CALL, GOOD, {**CALL, "schedule": {"rule": "immediately"}}])
def test_each_kind_is_made_listed_read_and_deleted(client: Client, body: dict[str, Any]) -> None:
    made = post(client, body).json()["data"]
    for name in ("delivery_type", "message_text", "instructions", "subject", "sender_name"):
        assert made["to_do"][name] == body.get(name), name
    assert client.get(URL).json()["data"] == [made]
    place = f"{OTHER_URL}/{made['to_do']['id']}"
    assert client.get(place).json() == {"data": made}
    answer = client.delete(place)
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(place).status_code == client.delete(place).status_code == 404
    assert client.get(place).json() == {"error": "Not found"}
    assert client.get(URL).json() == {"data": []}


RULES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"rule": "immediately"}, {"rule_type": "IceCube::SingleOccurrence"}),
    ({"rule": "IMMEDIATELY", "times": ["no"]}, {"rule_type": "IceCube::SingleOccurrence"}),
    ({"rule": "today", "times": ["11:59 PM"]}, {"rule_type": "IceCube::SingleOccurrence"}),
    (
        {"frequency": "Daily", "times": ["9:00 am"], "interval": "3"},
        {"rule_type": "IceCube::DailyRule", "interval": 3, "validations": {}},
    ),
    (
        {"rule": "recurring", "frequency": "weekly", "times": ["9:00 AM"], "day": ["SUNDAY"]},
        {"rule_type": "IceCube::WeeklyRule", "interval": 1, "validations": {"day": [0]}},
    ),
    (
        {"frequency": "monthly", "times": ["9:00 AM"], "days": ["31", 1, "18"]},
        {
            "rule_type": "IceCube::MonthlyRule",
            "interval": 1,
            "validations": {"day_of_month": [1, 18, 31]},
        },
    ),
]


@pytest.mark.parametrize(("schedule", "rule"), RULES)
def test_rules_are_shown_as_icecube_writes_them(
    client: Client, schedule: dict[str, Any], rule: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MADE_AT)
    answer = post(client, {**GOOD, "schedule": schedule})
    assert answer.status_code == 201, answer.content
    assert answer.json()["data"]["schedule"]["rule"] == rule


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


@pytest.mark.parametrize(
    "words", ["🦷 see you 🦷", "تذكير: موعدك غدًا", "<b>now</b>", "=1+1", "a\u202eb", "1\n2"]
)
def test_texts_come_back_as_they_were_written(client: Client, words: str) -> None:
    made = post(client, with_(EMAIL, message_text=words, sender_name="ד״ר כהן 🦷"))
    assert made.status_code == 201, made.content
    shown = made.json()["data"]["to_do"]
    assert (shown["message_text"], shown["sender_name"]) == (words, "ד״ר כהן 🦷")


def test_ten_thousand_at_one_minute_are_paged(
    client: Client,
    account: Account,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with account_scope(account.pk):
        made = actions.add_to_do(
            account_id=account.pk,
            fields=actions.Fields(delivery_type="sms", contact="9876543210", message_text="Hi"),
            when={"frequency": "daily", "times": ["9:00 AM"]},
            at=at,
        )
        many(made, 10_000)
    with django_assert_max_num_queries(8):
        answer = client.get(URL, {"page": 400, "per_page": 25})
    assert answer.headers["X-Total-Count"] == "10000"
    assert 'rel="prev"' in answer.headers["Link"]
    assert 'rel="next"' not in answer.headers["Link"]
    ids = [each["to_do"]["id"] for each in answer.json()["data"]]
    assert len(ids) == 25
    assert ids == sorted(ids, reverse=True)
    with django_assert_max_num_queries(8):
        assert len(client.get(URL, {"per_page": 200}).json()["data"]) == 200
    assert client.get(URL, {"per_page": 201}).status_code == 422


def many(made: ToDo, count: int) -> None:
    """As many of a To Do as are said, itself included, with their schedules."""
    schedule = made.schedule
    fields = {
        field.attname: getattr(made, field.attname)
        for field in ToDo._meta.concrete_fields
        if not field.primary_key
    }
    copies = ToDo.objects.bulk_create([ToDo(**fields) for _ in range(count - 1)], batch_size=2000)
    kept = {
        field.attname: getattr(schedule, field.attname)
        for field in schedule._meta.concrete_fields
        if not field.primary_key
    }
    type(schedule).objects.bulk_create(
        [type(schedule)(**{**kept, "to_do_id": each.pk}) for each in copies], batch_size=2000
    )


def test_another_accounts_to_dos_are_not_there(
    client: Client, account: Account, other: Account, at: datetime
) -> None:
    mine = post(client, GOOD).json()["data"]["to_do"]["id"]
    stranger = client_of(other, at)
    assert stranger.get(URL).json() == {"data": []}
    for ask in (stranger.get, stranger.delete):
        answer = ask(f"{URL}/{mine}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})
    assert post(stranger, GOOD).json() == {"error": "Invalid parameter: from"}
    no_from = with_(GOOD, from_=None)
    assert post(stranger, no_from).json() == {"error": "Invalid parameter: account_number"}
    assert len(client.get(URL).json()["data"]) == 1


def test_tokens_need_the_scope(account: Account, at: datetime) -> None:
    reader, writer = client_of(account, at, "to_dos:read"), client_of(account, at, "to_dos:write")
    assert reader.get(URL).status_code == 200
    assert post(reader, GOOD).json() == {"error": "Forbidden"}
    assert writer.get(URL).status_code == 403
    assert post(writer, GOOD).status_code == 201
    answer = Client().get(URL)
    assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})


@pytest.mark.parametrize("place", ["0", "x", "-1", "99999999999999999999", "1.5", "%00"])
def test_no_such_to_do(client: Client, place: str) -> None:
    for ask in (client.get, client.delete):
        answer = ask(f"{URL}/{place}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


def test_whoever_deletes_second_is_told(
    client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = post(client, GOOD).json()["data"]["to_do"]["id"]
    with account_scope(account.pk):
        found = queries.one(made)
        actions.delete_to_do(to_do=found)
    monkeypatch.setattr(queries, "one", lambda _id: found)  # as it was a moment ago
    answer = client.delete(f"{URL}/{made}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


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


def test_the_description_has_the_seeds_examples() -> None:
    described: dict[str, Any] = Client().get("/api/v2/openapi.json").json()
    assert sorted(described["paths"][URL]) == ["get", "post"]
    assert sorted(described["paths"][f"{URL}/{{to_do_id}}"]) == ["delete", "get"]
    making = described["paths"][URL]["post"]
    shape = making["requestBody"]["content"]["application/json"]["schema"]
    assert making["requestBody"]["required"]
    assert shape["$ref"].endswith("/NewToDo")
    shapes = described["components"]["schemas"]
    assert list(shapes["NewToDo"]["properties"]) == [
        "from", "account_number", "delivery_type", "instructions", "contact", "message_text",
        "schedule", "sender_name", "from_email", "subject",
    ]  # fmt: skip
    assert shapes["NewToDo"]["example"]["schedule"] == EXAMPLE_1["schedule"]
    assert "IceCube::WeeklyRule" in json.dumps(shapes["ToDoAndSchedule"]["example"])
    page: Callable[[str], Any] = Client().get
    text = page("/api/v2/docs").content.decode()
    assert "Create a To Do" in text
    assert "interval" in text
