"""How actions and keys are written, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from deskbell.attendant.rules import (
    Action,
    ActionType,
    read_action,
    read_keys,
    write_action,
    write_keys,
)
from deskbell.foundation.errors import InvalidInput

AN = "AN5067f6f1c8f546dd909df1f50ee9f935"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, None),
        (None, None),
        ({"actionType": "HANGUP"}, Action(ActionType.HANGUP)),
        ({"actionType": "HANGUP", "actionData": "x"}, Action(ActionType.HANGUP)),
        (
            {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": AN},
            Action(ActionType.ANNOUNCEMENT_HANGUP, AN),
        ),
        ({"actionType": "ANNOUNCEMENT_HANGUP"}, Action(ActionType.ANNOUNCEMENT_HANGUP)),
        ({"actionType": "VOICEMAIL", "actionData": None}, Action(ActionType.VOICEMAIL)),
        ({"actionType": "DIAL_BY_NAME"}, Action(ActionType.DIAL_BY_NAME)),
        (
            {"actionType": "TRANSFER_TO_PHONE", "actionData": "919960639901"},
            Action(ActionType.TRANSFER_TO_PHONE, "919960639901"),
        ),
        (
            {"actionType": "TRANSFER_TO_PHONE", "actionData": "+1 (212) 555-0142"},
            Action(ActionType.TRANSFER_TO_PHONE, "+1 (212) 555-0142"),
        ),
        (
            {"actionType": "TRANSFER_TO_ONCALL", "actionData": 12},
            Action(ActionType.TRANSFER_TO_ONCALL, "12"),
        ),
    ],
)
def test_actions_as_the_api_writes_them(written: object, expected: Action | None) -> None:
    assert read_action(written) == expected
    assert read_action(write_action(expected)) == expected


@pytest.mark.parametrize(
    "written",
    [
        "HANGUP",
        ["HANGUP"],
        {"actionType": "hangup"},
        {"actionType": 1},
        {"actionData": AN},
        {"actionType": "GO_TO_MENU"},
        {"actionType": "ANNOUNCEMENT_RETURN", "actionData": ""},
        {"actionType": "VOICEMAIL", "actionData": 5},
        {"actionType": "HANGUP", "extra": 1},
        {"actionType": "TRANSFER_TO_PHONE"},
        {"actionType": "TRANSFER_TO_PHONE", "actionData": "reception"},
        {"actionType": "TRANSFER_TO_PHONE", "actionData": "+"},
        {"actionType": "TRANSFER_TO_PHONE", "actionData": "1" * 21},
        {"actionType": "TRANSFER_TO_PHONE", "actionData": "\u0663\u0663"},
        {"actionType": "TRANSFER_TO_PHONE", "actionData": True},
        {"actionType": "TRANSFER_TO_ONCALL", "actionData": "0"},
        {"actionType": "TRANSFER_TO_ONCALL", "actionData": "-4"},
        {"actionType": "TRANSFER_TO_ONCALL"},
    ],
)
def test_actions_that_cannot_be(written: object) -> None:
    with pytest.raises(InvalidInput):
        read_action(written)


def test_keys_of_the_seeds_example() -> None:
    written = [
        {"menuKey": "1", "menuAction": {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": AN}}
    ]
    assert read_keys(written) == {"1": Action(ActionType.ANNOUNCEMENT_HANGUP, AN)}
    assert write_keys(read_keys(written)) == written


HANGUP = {"actionType": "HANGUP"}


@pytest.mark.parametrize(
    "written",
    [
        [{"menuKey": "#", "menuAction": HANGUP}],
        [{"menuKey": "10", "menuAction": HANGUP}],
        [{"menuKey": "", "menuAction": HANGUP}],
        [{"menuKey": "1", "menuAction": {}}],
        [{"menuKey": "1"}],
        [{"menuKey": "1", "menuAction": HANGUP}, {"menuKey": 1, "menuAction": HANGUP}],
        [{"menuKey": "1", "menuAction": HANGUP, "more": 1}],
        ["1"],
        [None],
    ],
)
def test_keys_that_cannot_be(written: list[Any]) -> None:
    with pytest.raises(InvalidInput):
        read_keys(written)
