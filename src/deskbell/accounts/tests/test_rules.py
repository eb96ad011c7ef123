"""Who may do what: one line a standing."""

from __future__ import annotations

import pytest

from deskbell.accounts.passwords import is_complex
from deskbell.accounts.rules import DEFAULT_ACCESSES, Right, Standing, rights_of

ALL = set(Right)
RECORDING = Right.CALL_RECORDING


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(), set()),
        (Standing(role="BG_ADMIN", belongs=True), ALL),
        (Standing(role="BG_ADMIN"), set()),
        (Standing(role="AA_ADMIN", belongs=True), {Right.ATTENDANT}),
        (
            Standing(role="AA_ADMIN", accesses=frozenset({RECORDING}), belongs=True),
            {Right.ATTENDANT, RECORDING},
        ),
        (Standing(accesses=frozenset({Right.ONCALL_CALENDAR}), belongs=True), {"oncall_calendar"}),
        (Standing(staff="operator"), ALL),
        (Standing(staff="receptionist"), {RECORDING, *DEFAULT_ACCESSES}),
    ],
)
def test_rights(standing: Standing, expected: set[Right]) -> None:
    assert rights_of(standing) == expected


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("Abcdef1!", True),
        ("Abcde1!", False),
        ("abcdef1!", False),
        ("ABCDEF1!", False),
        ("Abcdefg!", False),
        ("Abcdefg1", False),
        ("Abcdef1 ", False),
        ("Pässwört1€", True),
    ],
)
def test_password_rule(password: str, fits: bool) -> None:
    assert is_complex(password) is fits
