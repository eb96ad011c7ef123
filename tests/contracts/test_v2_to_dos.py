"""To Dos over the API: the seed's examples as printed, paging, tokens, tenants.

Source: seed 000, "To Dos API"; design, portal API, "To Dos" and "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope
from deskbell.todos import actions, queries
from deskbell.todos.models import ToDo
from tests.to_dos_api import (
    CALL,
    EMAIL,
    EXAMPLE_1,
    EXAMPLE_2,
    GOOD,
    OTHER_URL,
    URL,
    client_of,
    post,
    with_,
)

pytestmark = pytest.mark.django_db
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


def test_request_example_1_is_refused_as_printed(client: Client) -> None:
    answer = post(client, EXAMPLE_1)
    assert answer.status_code == 422
    assert answer.json() == {"error": "Invalid parameter: contact"}


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
