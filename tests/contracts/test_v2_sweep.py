"""Every operation of API v2, asked wrongly in every way there is, and rightly once.

The operations are read from the API itself, so a new one is in here as soon as it can be asked.
Source: design, portal API, "Errors"; design, numbers, "Nothing lost, no one in".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, ApiToken, User
from deskbell.api.v2.auth import Scope
from deskbell.api.v2.bodies import MOST
from deskbell.platform.tenancy import account_scope
from tests.api_v2_operations import BASE, BODIES, BY_NAME, FAKE, OPERATIONS, client_of, ids_of

pytestmark = pytest.mark.django_db

REFUSALS: dict[int, dict[str, Any]] = {
    401: {"error": "Unauthorized"},
    404: {"success": False, "info": "Invalid token", "data": {}},
}
NOT_FOUND = {"error": "Not found"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"}
UNREADABLE = [
    b"", b"{", b"null", b"[]", b'"text"', b"7", b"\xff\xfe", b"{'a': 1}", b'{"a": NaN}',
    b'{"a": 1, "a": 2}', b'{"a": 1e999}', b"[" * 100_000, b'{"a":' * 40 + b"1" + b"}" * 40,
    b"name=x&other=y",
]  # fmt: skip
WRITERS = [name for name, each in BY_NAME.items() if each.takes_body]
NAMING = [name for name, each in BY_NAME.items() if each.names_something]
PATHS = {each.path: each for each in OPERATIONS}
every_operation = pytest.mark.parametrize("name", list(BY_NAME))


def client_number(account: Account, at: datetime) -> str:
    """A number of the account's."""
    with account_scope(account.pk):
        return add_number(account=account, number="+12125550143", at=at).number


def documented(name: str) -> set[int]:
    """The statuses that the description has; an operation beside it is another's other name."""
    described = Client().get(f"{BASE}/openapi.json").json()["paths"]
    method, path = name.split(" ")
    found = described.get(BASE + path) or described[BASE + path.replace("-", "_")]
    return {int(status) for status in found[method.lower()]["responses"]}


def test_there_is_something_to_sweep() -> None:
    assert len(OPERATIONS) > 20
    assert set(BODIES) == set(WRITERS)
    assert {each.scope for each in OPERATIONS} == set(Scope)


def test_every_operation_is_described_or_is_another_name() -> None:
    described = Client().get(f"{BASE}/openapi.json").json()["paths"]
    listed = {f"{method.upper()} {path}" for path, ways in described.items() for method in ways}
    for each in OPERATIONS:
        others = {f"{each.method} {BASE}{each.path}"}
        others.add(f"{each.method} {BASE}{each.path.replace('to-dos', 'to_dos')}")
        assert listed & others, each.name


# Who asks


@every_operation
def test_without_a_good_token(name: str) -> None:
    operation = BY_NAME[name]
    refused = (operation.refusal, REFUSALS[operation.refusal])
    for header in (None, "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "wrong", "Bearer \xe9"):
        answer = operation.ask(Client(headers={"Authorization": header} if header else {}), FAKE)
        assert (answer.status_code, answer.json()) == refused, header
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert operation.refusal in documented(name)


@every_operation
def test_a_revoked_token(name: str, acme: Account, at: datetime) -> None:
    operation, client = BY_NAME[name], client_of(acme, at)
    ApiToken.objects.update(revoked_at=F("created_at"))
    answer = operation.ask(client, FAKE)
    assert (answer.status_code, answer.json()) == (operation.refusal, REFUSALS[operation.refusal])


@every_operation
def test_a_session_is_no_token(name: str, alice: User) -> None:
    operation, client = BY_NAME[name], Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert operation.ask(client, FAKE).status_code == operation.refusal


@every_operation
def test_a_token_without_the_scope(name: str, acme: Account, at: datetime) -> None:
    operation = BY_NAME[name]
    others = [str(scope) for scope in Scope if scope != operation.scope]
    answer = operation.ask(client_of(acme, at, *others), FAKE)
    assert (answer.status_code, answer.json()) == (403, {"error": "Forbidden"})
    assert 403 in documented(name)


@every_operation
def test_a_token_with_the_scope_alone(name: str, acme: Account, at: datetime) -> None:
    operation = BY_NAME[name]
    client = client_of(acme, at, operation.scope)
    client.handler.enforce_csrf_checks = True
    answer = operation.ask(client, ids_of(acme, at))
    assert answer.status_code in {200, 201, 202, 204, 409}, answer.content
    assert answer.status_code in documented(name)


@every_operation
def test_a_token_that_is_used_too_often(name: str, acme: Account, at: datetime) -> None:
    operation, client = BY_NAME[name], client_of(acme, at)
    ApiToken.objects.update(minute_began_at=at.now(at.tzinfo), minute_count=10**6)
    answer = operation.ask(client, FAKE)
    assert answer.status_code == 429
    assert answer.json() == {"error": "This API token was used too often"}
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert 429 in documented(name)


# Whose it is


@pytest.mark.parametrize("name", NAMING)
def test_what_is_anothers_does_not_exist(
    name: str, acme: Account, other: Account, at: datetime
) -> None:
    answer = BY_NAME[name].ask(client_of(other, at), ids_of(acme, at))
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert 404 in documented(name)


@pytest.mark.parametrize("name", [each for each in BY_NAME if each not in NAMING])
def test_lists_and_makers_leave_others_alone(
    name: str, acme: Account, other: Account, at: datetime
) -> None:
    ids = ids_of(acme, at)
    client = client_of(other, at)
    if name in BODIES and "account_number" in BODIES[name](""):
        body = BODIES[name](acme.number) | {"from": client_number(other, at)}
        answer = BY_NAME[name].ask(client, ids, data=body)
        assert (answer.status_code, answer.json()) == (
            422, {"error": "Invalid parameter: account_number"},
        )  # fmt: skip
        return
    if BY_NAME[name].method == "GET":
        assert BY_NAME[name].ask(client, ids).json() == {"data": []}
        assert BY_NAME[name].ask(client_of(acme, at), ids).json()["data"]


@pytest.mark.parametrize("name", NAMING)
def test_ids_that_are_none(name: str, acme: Account, at: datetime) -> None:
    client = client_of(acme, at)
    for given in ("0", "9" * 9, "9" * 30, "-1", "1.0", "x", "%00", "१", "1%2F2", "%F0%9F%9A%92"):
        answer = BY_NAME[name].ask(client, dict.fromkeys(FAKE, given))
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND), given


# How it is asked


@pytest.mark.parametrize("path", list(PATHS))
def test_other_methods(path: str, acme: Account, at: datetime) -> None:
    operation, client = PATHS[path], client_of(acme, at)
    allowed = operation.allowed | {"OPTIONS"} | ({"HEAD"} if "GET" in operation.allowed else set())
    for method in METHODS - operation.allowed:
        answer = client.generic(method, operation.url(FAKE))
        assert (answer.status_code, answer.json()) == (405, {"error": "Method not allowed"})
        assert answer.headers["Allow"] == ", ".join(sorted(allowed))
    options = client.options(operation.url(FAKE))
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["Allow"] == ", ".join(sorted(allowed))


@pytest.mark.parametrize("path", list(PATHS))
def test_head_is_get_without_the_body(path: str, acme: Account, at: datetime) -> None:
    operation, client, ids = PATHS[path], client_of(acme, at), ids_of(acme, at)
    head = client.head(operation.url(ids))
    assert head.content == b""
    if "GET" not in operation.allowed:
        assert head.status_code == 405
        return
    get = client.get(operation.url(ids))
    assert (head.status_code, get.status_code) == (200, 200)
    for header in ("Content-Type", "Content-Length", "Link", "X-Total-Count"):
        assert head.headers.get(header) == get.headers.get(header)


@pytest.mark.parametrize("name", WRITERS)
def test_bodies_that_cannot_be_read(name: str, acme: Account, at: datetime) -> None:
    client, ids = client_of(acme, at), ids_of(acme, at)
    for body in UNREADABLE:
        answer = BY_NAME[name].ask(client, ids, data=body)
        assert answer.status_code == 400, body[:40]
        assert list(answer.json()) == ["error"]
    assert 400 in documented(name)


@pytest.mark.parametrize("name", WRITERS)
def test_other_kinds_of_bodies(name: str, acme: Account, at: datetime) -> None:
    client = client_of(acme, at)
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"):
        answer = BY_NAME[name].ask(client, FAKE, data=b'{"a": "b"}', content_type=kind)
        assert answer.status_code == 400
        expected = "The body takes Content-Type: application/json; not "
        assert answer.json()["error"].startswith(expected)


@every_operation
def test_bodies_that_are_too_large(name: str, acme: Account, at: datetime) -> None:
    operation, client = BY_NAME[name], client_of(acme, at)
    answer = client.generic(
        operation.method, operation.url(FAKE), b" " * (MOST + 1), content_type="application/json"
    )
    assert answer.status_code == 413
    assert answer.json()["error"]
    if operation.takes_body:
        assert 413 in documented(name)


@pytest.mark.parametrize("name", [each for each in BY_NAME if each not in WRITERS])
def test_a_body_that_nobody_asked_for(name: str, acme: Account, at: datetime) -> None:
    operation, client, ids = BY_NAME[name], client_of(acme, at), ids_of(acme, at)
    answer = client.generic(operation.method, operation.url(ids), b"{", content_type="text/plain")
    assert answer.status_code in {200, 202, 204, 409}


@every_operation
def test_a_fault_of_ours_is_a_400_in_the_log(
    name: str,
    acme: Account,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_account_id: int) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("deskbell.api.v2.auth.account_scope", broken)
    answer = BY_NAME[name].ask(client_of(acme, at), FAKE)
    assert answer.status_code == 400
    assert "secret" not in answer.json()["error"]
    assert "secret detail" in caplog.text
    assert 400 in documented(name)
