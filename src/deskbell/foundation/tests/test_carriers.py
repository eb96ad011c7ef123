"""What an operator would lose: a carrier's calls, or its keys in a log."""

from __future__ import annotations

import base64

import pytest

from deskbell.foundation.carriers import read_carriers, read_text_server
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


def test_a_signalwire_space_is_where_its_texts_go() -> None:
    found = read_carriers(
        {
            "DESKBELL_SIGNALWIRE": "project:api:signing",
            "DESKBELL_SIGNALWIRE_URL": "https://example.signalwire.com/api/laml/",
        }
    )
    assert found["signalwire"].url == "https://example.signalwire.com/api/laml"


def test_a_space_without_tls_is_refused() -> None:
    with pytest.raises(InvalidInput, match="DESKBELL_SIGNALWIRE_URL"):
        read_carriers(
            {"DESKBELL_SIGNALWIRE": "a:b:c", "DESKBELL_SIGNALWIRE_URL": "example.signalwire.com"}
        )


def test_a_text_server_of_ones_own_is_one_address() -> None:
    assert read_text_server({}) is None
    found = read_text_server({"DESKBELL_TEXTS": "http://desk:p%40ss@127.0.0.1:8025/texts/"})
    assert found is not None
    assert (found.user, found.password, found.signing) == ("desk", "p@ss", "p@ss")
    assert found.url == "http://127.0.0.1:8025/texts"
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize(
    "value",
    ["texts.example.net", "https://texts.example.net", "ftp://a:secret@b", "http://a:s@h:x"],
)
def test_an_address_that_is_no_text_server_is_refused_without_its_value(value: str) -> None:
    with pytest.raises(InvalidInput, match="DESKBELL_TEXTS") as caught:
        read_text_server({"DESKBELL_TEXTS": value})
    assert "secret" not in str(caught.value)
