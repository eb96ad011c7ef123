"""What an operator would lose: a carrier's calls, or its keys in a log."""

from __future__ import annotations

import base64

import pytest

from deskbell.foundation.carriers import read_carriers
from deskbell.foundation.errors import InvalidInput

PUBLIC = base64.b64encode(bytes(32)).decode()


def test_carriers_without_a_setting_are_off() -> None:
    assert read_carriers({"DESKBELL_TWILIO": ""}) == {}


def test_each_carrier_has_its_own_parts() -> None:
    found = read_carriers(
        {
            "DESKBELL_TWILIO": "AC1:token",
            "DESKBELL_SIGNALWIRE": "project:api:signing",
            "DESKBELL_TELNYX": f"KEY1:{PUBLIC}",
        }
    )
    parts = {name: (keys.user, keys.password, keys.signing) for name, keys in found.items()}
    assert parts == {
        "twilio": ("AC1", "token", "token"),
        "signalwire": ("project", "api", "signing"),
        "telnyx": ("", "KEY1", PUBLIC),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESKBELL_TWILIO", "secret-only"),
        ("DESKBELL_TWILIO", "AC1:secret:more"),
        ("DESKBELL_SIGNALWIRE", "project:secret"),
        ("DESKBELL_TELNYX", "secret:not base64"),
        ("DESKBELL_TELNYX", "secret:QUJD"),
    ],
)
def test_a_setting_that_cannot_be_is_named_without_its_value(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=name) as caught:
        read_carriers({name: value})
    assert "secret" not in str(caught.value)


def test_keys_are_not_shown() -> None:
    assert "token" not in repr(read_carriers({"DESKBELL_TWILIO": "AC1:token"}))
