"""What an entry may hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deskbell.audit.rules import (
    HIDDEN,
    LONGEST_VALUE,
    Door,
    changes_of,
    clean,
    door_of,
    is_secret,
    kept_changes,
    shown,
)


@pytest.mark.parametrize(
    "field",
    [
        "password", "password1", "New password", "secret", "token", "token_hash", "apiKey",
        "api_key", "key", "Secret key", "recovery_codes", "code", "pin", "totp", "authToken",
    ],
)  # fmt: skip
def test_secrets_by_their_fields(field: str) -> None:
    assert is_secret(field)
    assert kept_changes({field: ("opens", "opens too")}) == {field: [HIDDEN, HIDDEN]}


@pytest.mark.parametrize(
    "field", ["name", "email", "keypad", "menu_key_press", "country", "postcode", "monkey"]
)
def test_not_everything_is_a_secret(field: str) -> None:
    assert is_secret(field) == (field == "menu_key_press")  # rather one too many


def test_only_what_differs() -> None:
    before = {"name": "Acme", "zone": "UTC", "token": "a"}
    after = {"name": "Acme Ltd", "zone": "UTC", "token": "b", "new": 1}
    assert changes_of(before, after) == {
        "name": ("Acme", "Acme Ltd"),
        "token": (HIDDEN, HIDDEN),
        "new": (None, 1),
    }


def test_values_become_json() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    kept = kept_changes(
        {"at": (None, at), "days": ([1, 2], []), "on": (False, True), "n": (1, 2.5)}
    )
    assert kept == {
        "at": [None, at.isoformat()],
        "days": ["1, 2", ""],
        "on": [False, True],
        "n": [1, 2.5],
    }
    assert shown("picture", b"\x89PNG") == "(a file)"
    assert shown("step", {"type": "dial", "token": "opens"}) == f"type: dial, token: {HIDDEN}"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("https://user:pw@hooks.example.com/T0/opens?key=opens", "https://hooks.example.com/…"),
        ("slack://opens/opens/opens", "slack://…"),
        ("see https://[opens and", "see https://… and"),
        ("no address", "no address"),
    ],
)
def test_of_an_address_only_the_host_is_kept(value: str, kept: str) -> None:
    assert shown("url", value) == kept


def test_hostile_text_is_one_harmless_line() -> None:
    assert clean("a\x00b\r\nc\u202ed\ud800e", 50) == "a b c d e"
    long = clean("x" * 10_000_000, LONGEST_VALUE)
    assert len(long) == LONGEST_VALUE
    assert long.endswith("…")


def test_doors() -> None:
    assert door_of("/messages/") == Door.PORTAL
    assert door_of("/api/v2/messages") == Door.API_V2
    assert door_of("/autoattendant/user") == Door.AUTOATTENDANT
    assert door_of("/admin/") == Door.ADMIN
