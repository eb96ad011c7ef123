"""The page's telephone as the web side sees it: whom it lets call, whom, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.attendant.models import System
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.portal.attendant.test_call import views

pytestmark = pytest.mark.django_db
PAGE = "/attendant/test-call/"
NUMBER = "+1 212 555 0142"
Sign = Callable[[User], Client]


def post(client: Client, **fields: object) -> Any:
    return client.post(PAGE, json.dumps(fields), content_type="application/json")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What the gateway is asked for; a gateway with WebRTC is in the journey."""
    found: list[dict[str, str]] = []

    def call(_url: str, _secret: str, **fields: str) -> str:
        found.append(fields)
        return "v=0 answer"

    monkeypatch.setattr(views, "call_from_page", call)
    return found


def test_the_page_offers_the_accounts_numbers(page: Client, attendant: System) -> None:
    answer = page.get(f"{PAGE}?system={attendant.sid}")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{NUMBER}"' in shown
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_nothing_else_may_use_the_microphone(page: Client, attendant: System) -> None:
    assert "microphone=()" in page.get("/attendant/").headers["Permissions-Policy"]


def test_an_account_without_numbers_is_told_what_to_do(page: Client) -> None:
    assert "Give a system a number" in page.get(PAGE).content.decode()


def test_a_call_is_made_as_who_is_signed_in(
    page: Client, attendant: System, acme: Account, asked: list[dict[str, str]]
) -> None:
    answer = post(page, number=NUMBER, sdp="v=0 offer")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"sdp": "v=0 answer"}
    [call] = asked
    assert (call["called"], call["offer"]) == (NUMBER, "v=0 offer")
    assert call["caller"] == "client:alice@example.com"
    assert call["account"] == "AC" + acme.sid[2:]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "JSON"),
        ("[]", "a number and an offer"),
        (json.dumps({"number": NUMBER}), "a number and an offer"),
        (json.dumps({"number": 5, "sdp": "v=0"}), "a number and an offer"),
        (json.dumps({"number": "+12125550999", "sdp": "v=0"}), "not a number of this account"),
        (json.dumps({"number": NUMBER, "sdp": "x" * 70_000}), "too long"),
    ],
)
def test_bad_requests_are_refused_in_words(
    page: Client, attendant: System, asked: list[dict[str, str]], body: str, words: str
) -> None:
    answer = page.post(PAGE, body, content_type="application/json")
    assert answer.status_code == 400
    assert words in json.loads(answer.content)["error"]
    assert asked == []


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Unreachable("no route"), 503, "try again"),
        (Refused("pages cannot call here"), 502, "pages cannot call here"),
    ],
)
def test_a_gateway_that_cannot_is_told_of(
    page: Client,
    attendant: System,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    words: str,
) -> None:
    def fail(*_args: object, **_fields: object) -> str:
        raise error

    monkeypatch.setattr(views, "call_from_page", fail)
    answer = post(page, number=NUMBER, sdp="v=0")
    assert answer.status_code == status
    assert words in json.loads(answer.content)["error"]


def test_another_accounts_number_cannot_be_called(
    signed_in: Sign, charlie: User, attendant: System, asked: list[dict[str, str]]
) -> None:
    answer = post(signed_in(charlie), number=NUMBER, sdp="v=0")
    assert answer.status_code in {400, 403}
    assert asked == []
