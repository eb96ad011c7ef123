"""Asking too often, and trying tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account
from deskbell.api.v2.guessing import GUESSES, MOST_WRONG
from deskbell.foundation import clock

Enter = Callable[..., Client]
URL = "/api/v2/messages"
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    GUESSES.forget()
    yield
    GUESSES.forget()


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`wait(seconds)` puts the clock forward."""
    now = NOW

    def forward(seconds: int) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)

    monkeypatch.setattr(clock, "now", lambda: now)
    return forward


def guess(client: Client | None = None, token: str = "guess", **other: Any) -> int:
    asked = client or Client(headers={"Authorization": f"Bearer {token}"})
    return asked.get(URL, **other).status_code


def test_six_hundred_a_minute(
    acme: Account, enter: Enter, wait: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = enter(acme), enter(acme)
    for _ in range(600):
        assert client.get("/api/v2/messages/1").status_code == 404
    wait(20)
    answer = client.get(URL)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    assert answer.json() == {"error": "This API token was used too often"}
    assert guess(other) == 200
    wait(40)
    assert guess(client) == 200


def test_trying_tokens_is_slowed_down(
    acme: Account, enter: Enter, wait: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    known, new = enter(acme), enter(acme)
    assert guess(known) == 200
    assert [guess(token=f"secret{number}") for number in range(MOST_WRONG)] == [404] * MOST_WRONG
    wait(10)
    answer = Client(headers={"Authorization": "Bearer secret"}).get(URL)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "50")
    assert answer.json() == {"error": "Too many wrong tokens came from this address"}
    assert guess(new) == 429  # it might be the one that was looked for
    assert guess(known) == 200
    assert guess(new, REMOTE_ADDR="192.0.2.7") == 200
    lines = [each.getMessage() for each in caplog.records if each.name.endswith("guessing")]
    assert len(lines) == MOST_WRONG + 1
    assert "from 127.0.0.1" in lines[0]
    assert "shut out until" in lines[-1]
    assert "secret" not in caplog.text
    wait(50)
    assert [guess(), guess(new)] == [404, 200]


def test_a_revoked_token_that_worked_is_shut_out_in_the_end(
    acme: Account, enter: Enter, wait: Callable[[int], None]
) -> None:
    client = enter(acme)
    assert guess(client) == 200
    acme.api_tokens.update(revoked_at=NOW)
    assert [guess(client) for _ in range(MOST_WRONG)] == [404] * MOST_WRONG
    assert guess(client) == 429


def test_asking_without_a_token_is_no_guess(acme: Account, enter: Enter) -> None:
    assert {guess(Client()) for _ in range(MOST_WRONG + 5)} == {404}
    assert guess(enter(acme)) == 200
