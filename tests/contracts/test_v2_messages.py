"""A message is shown as in the seed's example, byte for byte but for the blanks between parts.

Source: seed 000, "Messages API v2"; the example is the one of the reference, which is the seed's.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.api.v2.shapes import EXAMPLE
from deskbell.messages.custom_fields import PREFIX, custom_fields
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks.bodies import SHOWN

URL = "/api/v2/messages"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def written(content: bytes) -> str:
    """JSON with the names in their order and the blanks of Python's writer."""
    return json.dumps(json.loads(content))


@pytest.fixture
def account(db: None, at: datetime) -> Account:
    return Account.objects.create(
        pk=EXAMPLE["account_id"],
        number="W0411",
        name="Acme",
        time_zone="America/New_York",
        created_at=at,
    )


@pytest.fixture
def client(account: Account, at: datetime) -> Client:
    token = make_api_token(account=account, name="CRM", scopes=["messages:read"], at=at)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept": "application/json"})


def keep(account: Account, at: datetime, **other: Any) -> Message:
    """The example's message, as it would stand in the database."""
    fields = EXAMPLE | {"account_id": account.pk} | other
    for name, value in fields.items():
        if isinstance(value, str) and TIME.fullmatch(value):
            fields[name] = datetime.fromisoformat(value)
    with account_scope(account.pk):
        PhoneNumber.objects.get_or_create(
            pk=EXAMPLE["did_id"],
            defaults={
                "account": account,
                "number": "2125550142",
                "digits": "2125550142",
                "created_at": at,
                "updated_at": at,
            },
        )
        message: Message = Message.objects.create(**fields)
    return message


def test_the_example(account: Account, client: Client, at: datetime) -> None:
    keep(account, at)
    single, listed = client.get(f"{URL}/{EXAMPLE['id']}"), client.get(URL)
    assert written(single.content) == json.dumps({"data": EXAMPLE})
    assert written(listed.content) == json.dumps({"data": [EXAMPLE]})


def test_both_days_of_the_example_are_included(
    account: Account, client: Client, at: datetime
) -> None:
    keep(account, at)
    within = client.get(f"{URL}?from_date=01-21-2025&to_date=01-21-2025")
    assert written(within.content) == json.dumps({"data": [EXAMPLE]})
    assert client.get(f"{URL}?from_date=01-22-2025").json() == {"data": []}
    assert client.get(f"{URL}?to_date=01-20-2025").json() == {"data": []}


@pytest.mark.parametrize("token", ["", "wrong"])
def test_an_invalid_token(db: None, token: str) -> None:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get(URL)
    assert answer.status_code == 404
    assert written(answer.content) == '{"success": false, "info": "Invalid token", "data": {}}'


def test_custom_fields_stand_behind_the_others(
    account: Account, client: Client, at: datetime
) -> None:
    answers = {
        "zip": "10001",
        "Insurance company": 'Acme "Care" \\',
        "urgent": "No",
        "Zähne\n😬": ["upper", 2],
        "empty": "",
        "children": {"b": 1, "a": None},
    }
    keep(account, at, answers=answers)
    shown = json.loads(client.get(f"{URL}/939").content)["data"]
    labels = ["Insurance company", "Zähne\n😬", "empty", "children"]
    assert list(shown) == [*EXAMPLE, *(PREFIX + label for label in labels)]
    assert shown["answers"] == answers
    assert json.dumps(custom_fields(answers)) == json.dumps(
        {name: value for name, value in shown.items() if name.startswith(PREFIX)}
    )


@pytest.mark.parametrize("answers", [{}, [], "text", {"": ""}])
def test_answers_that_no_script_gave(
    account: Account, client: Client, at: datetime, answers: Any
) -> None:
    keep(account, at, answers=answers)
    assert client.get(f"{URL}/939").json()["data"]["answers"] == answers


def test_lists_keep_their_order_with_and_without_custom_fields(
    account: Account, client: Client, at: datetime
) -> None:
    for pk in range(940, 945):
        keep(account, at, id=pk, uuid=f"8895c21e-8c3a-48e2-80dd-{pk:012}", answers={"own": pk})
    shown = client.get(URL).json()["data"]
    assert [(each["id"], each[f"{PREFIX}own"]) for each in shown] == [
        (pk, pk) for pk in range(944, 939, -1)
    ]


def test_webhooks_tell_the_same_fields() -> None:
    assert list(SHOWN) == list(EXAMPLE)
