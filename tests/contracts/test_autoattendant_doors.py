"""Signing in, the lock against guessing, the rate limit; and whatever is asked below /autoattendant
is answered in the envelope."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from deskbell.accounts.models import User, UserToken
from deskbell.api.autoattendant.auth import LIMITER
from deskbell.foundation import clock
from tests.autoattendant import BASE, Api, basic

ROOT = Path(__file__).resolve().parents[2]
URL = BASE + "user/search"
NOBODY = {"errorCode": "401", "message": "Authentication failed", "data": {}}


# Signing in


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!"},
        {"Authorization": "Bearer x"},
        basic(b"\xff\xfe"),
        basic("no colon"),
        basic(":"),
        basic("RCS0:wrong"),
        basic("RCS\0:wrong"),
        basic("x" * 5000 + ":wrong"),
    ],
)
def test_who_is_nobody(db: None, headers: dict[str, str]) -> None:
    answer = Client(headers=headers).get(URL)
    assert (answer.status_code, answer.json()) == (401, NOBODY)
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_blanks_of_the_seeds_curl(as_alice: Api) -> None:
    """Its examples sign in with a blank before the sid."""
    assert Client(headers=basic(f" {as_alice.pair}")).get(URL).status_code == 200


def test_a_session_is_no_sign_in(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    assert client.get(URL).status_code == 401


@pytest.mark.parametrize("status", ["SUSPENDED", "DELETED"])
def test_who_may_not_sign_in(as_alice: Api, alice: User, status: str) -> None:
    User.objects.filter(pk=alice.pk).update(status=status)
    assert as_alice.get("user/search").body == NOBODY


def test_a_revoked_token(as_alice: Api, at: datetime) -> None:
    UserToken.objects.update(revoked_at=at)
    assert as_alice.get("user/search").body == NOBODY


def test_guessing_locks(as_alice: Api, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    guess = Client(headers=basic(f"{alice.sid}:guess"))
    for _ in range(10):
        assert guess.get(URL).status_code == 401
    locked = guess.get(URL)
    assert (locked.status_code, locked.json()) == (
        429,
        {"errorCode": "429", "message": "Too many requests", "data": {}},
    )
    assert locked.headers["Retry-After"] == "900"
    assert as_alice.get("user/search").status == 429  # from the same address
    elsewhere = as_alice.client.get(URL, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200  # nobody can lock her out everywhere
    now += timedelta(minutes=15)
    assert as_alice.get("user/search").status == 200


def test_guessing_sids_locks_the_address(
    as_alice: Api, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()  # of what tests before this one guessed, whose transactions counted
    monkeypatch.setattr("deskbell.api.autoattendant.auth.TRIES_PER_ADDRESS", 12)
    for index in range(12):
        assert Client(headers=basic(f"RCS{index}:guess")).get(URL).status_code == 401
    assert Client(headers=basic(f"{bob.sid}:guess")).get(URL).status_code == 429


def test_behind_a_proxy_guessing_locks_out_whoever_guesses(
    as_alice: Api, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "deskbell.api.autoattendant.auth.address_of",
        lambda request: request.headers.get("X-Real", "127.0.0.1"),
    )
    guess = Client(headers=basic(f"{alice.sid}:guess") | {"X-Real": "192.0.2.9"})
    for _ in range(10):
        assert guess.get(URL).status_code == 401
    assert guess.get(URL).status_code == 429
    assert as_alice.get("user/search").status == 200


def test_a_right_token_forgets_the_wrong_ones(as_alice: Api, alice: User) -> None:
    guess = Client(headers=basic(f"{alice.sid}:guess"))
    for _ in range(3):
        for _ in range(9):
            assert guess.get(URL).status_code == 401
        assert as_alice.get("user/search").status == 200


def test_asking_too_often(as_alice: Api, as_bob: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 1000.0
    monkeypatch.setattr("deskbell.api.autoattendant.auth.time.monotonic", lambda: seconds)
    monkeypatch.setattr(LIMITER, "burst", 5)
    monkeypatch.setattr(LIMITER, "a_second", 0.5)
    for _ in range(5):
        assert as_alice.get("user/search").status == 200
    answer = as_alice.get("user/search")
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "429", "2")
    assert as_bob.get("user/search").status == 200
    seconds += 2
    assert as_alice.get("user/search").status == 200
    assert as_alice.get("user/search").status == 429


# Paths and methods


@pytest.mark.parametrize(
    "path", ["nothing", "user/search/x/y", "%00", "../user", "users", "internal"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_paths_that_are_none(db: None, method: str, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, BASE + path)
    assert (answer.status_code, answer.json()) == (
        404,
        {"errorCode": "404", "message": "Resource not found", "data": {}},
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "user", "OPTIONS, POST"),
        ("GET", "user", "OPTIONS, POST"),
        ("POST", "user/search", "GET, HEAD, OPTIONS"),
        ("GET", "user/RCS1", "DELETE, OPTIONS, PUT"),
        ("PATCH", "menu/MN1", "DELETE, OPTIONS, PUT"),
        ("DELETE", "schedule", "OPTIONS, POST, PUT"),
        ("POST", "docs", "GET, HEAD, OPTIONS"),
        ("PATCH", "openapi.json", "GET, HEAD, OPTIONS"),
        ("TRACE", "", "GET, HEAD, OPTIONS"),
        ("POST", "phoneNumbers/search/", "GET, HEAD, OPTIONS"),
    ],
)
def test_other_methods(as_alice: Api, method: str, path: str, allowed: str) -> None:
    as_alice.client.handler.enforce_csrf_checks = True
    answer = as_alice.send(method, path)
    assert (answer.status, answer.body) == (
        405,
        {"errorCode": "405", "message": "Method not allowed", "data": {}},
    )
    assert answer.headers["Allow"] == allowed
    options = as_alice.client.options(BASE + path)
    assert (options.status_code, options.headers["Allow"]) == (204, allowed)


def test_head_is_get_without_the_body(as_alice: Api) -> None:
    get, head = as_alice.client.get(URL), as_alice.client.head(URL)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    "path",
    [
        "user/search/",
        "user/search//",
        "phoneNumbers/search",
        "phonenumbers/search/",
        "phoneNumbers/usage/records",
        "phonenumbers/usage/records/daily",
        "phonenumber/usage/recordsdaily",
        "phonenumber/usage/recordsmonthly/",
    ],
)
def test_other_spellings_of_paths(as_alice: Api, path: str) -> None:
    assert as_alice.get(path).status == 200


def test_a_slash_behind_every_path(as_alice: Api, bob: User) -> None:
    assert as_alice.put(f"user/{bob.sid}/", {"name": "Rob"}).data["name"] == "Rob"
    assert as_alice.post("announcement/", {"name": "Welcome"}).status == 200


# Bodies


def test_other_kinds_of_bodies(as_alice: Api) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", "application/xml"):
        answer = as_alice.client.post(BASE + "user", b"name=x", content_type=kind)
        assert (answer.status_code, answer.json()) == (
            415,
            {"errorCode": "415", "message": "Unsupported media type", "data": {}},
        )
    body = b'{"name": "Welcome"}'
    kind = "application/json; charset=utf-8"
    assert as_alice.client.post(BASE + "announcement", body, content_type=kind).status_code == 200


def test_bodies_that_are_too_large(as_alice: Api) -> None:
    answer = as_alice.send("post", "user", b" " * (4 * 1024 * 1024 + 1))
    assert (answer.status, answer.body) == (
        413,
        {"errorCode": "413", "message": "Request too large", "data": {}},
    )


def test_a_body_that_comes_in_chunks(as_alice: Api) -> None:
    """Django reads nothing of it, so that it would be refused for what it has."""
    answer = as_alice.client.post(
        BASE + "user", content_type="application/json", headers={"Transfer-Encoding": "chunked"},
        CONTENT_LENGTH="",
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.json()["message"] == "Bad request: send Content-Length; chunks are not read"


def test_passwords_are_never_repeated(as_alice: Api) -> None:
    body = {"emailId": "", "Password": "secret", "password": "secret", "x": {"password": "secret"}}
    for sent in (
        body,
        {"emailId": "not an address", "password": "W31Comet0@@!", "role": "BG_ADMIN"},
    ):
        answer = as_alice.post("user", sent)
        assert answer.status == 400
        assert "secret" not in str(answer.body)
        assert "W31Comet0" not in str(answer.body)


def test_no_cookie_check_stands_before_a_token(as_alice: Api) -> None:
    as_alice.client.handler.enforce_csrf_checks = True
    assert as_alice.post("announcement", {"name": "Welcome"}).status == 200


def test_a_fault_of_ours_has_an_id(
    as_alice: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("deskbell.api.autoattendant.users._found", broken)
    answer = as_alice.get("user/search")
    assert answer.status == 500
    known = answer.body["data"]["requestId"]
    assert answer.body == {
        "errorCode": "500",
        "message": "Internal error",
        "data": {"requestId": known},
    }
    assert known in caplog.text
    assert "secret detail" in caplog.text


# What describes itself


def test_the_description(db: None, client: Client) -> None:
    described = client.get(BASE + "openapi.json").json()
    scheme = described["components"]["securitySchemes"]["BasicAuth"]
    assert scheme == {"type": "http", "scheme": "basic"}
    create = described["paths"]["/autoattendant/user"]["post"]
    assert create["operationId"] == "createUser"
    assert create["security"] == [{"BasicAuth": []}]
    assert [each["code"] for each in create["x-errors"]] == [
        "400", "401", "403", "413", "415", "429", "453", "454", "467", "484", "499", "505",
    ]  # fmt: skip
    assert sorted(create["responses"]) == ["200", "400", "401", "403", "409", "413", "415", "429"]
    numbers = [each["code"] for each in described["x-errors"]]
    assert numbers == sorted(numbers, key=int)
    names = [
        operation["operationId"]
        for methods in described["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names))


def test_the_reference_loads_nothing_from_elsewhere(db: None, client: Client) -> None:
    page = client.get(BASE + "docs").content.decode()
    for expected in (
        "autoAttendantSid",
        "timeoutMaxOccurance",
        "<code>490</code>",
        "AutoAttendant System not found",
        "-F &quot;file=@welcome.wav&quot;",
        'id="UserRecord"',
    ):
        assert expected in page
    assert "//cdn" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert client.get(BASE).headers["Location"] == "/autoattendant/docs"


def test_the_page_of_the_documents_has_every_code_and_path(db: None, client: Client) -> None:
    page = (ROOT / "docs/reference/auto-attendant-api.md").read_text()
    described = client.get(BASE + "openapi.json").json()
    for each in described["x-errors"]:
        row = f"| {each['code']} | {each['status']} | {each['message']} | {each['when']} |"
        assert row in page
    assert len(re.findall(r"^\| \d{3} \|", page, re.MULTILINE)) == len(described["x-errors"])
    for path in described["paths"]:
        resource = path.removeprefix("/autoattendant").partition("/{")[0]
        assert resource.removesuffix("/search").removesuffix("/file") in page
