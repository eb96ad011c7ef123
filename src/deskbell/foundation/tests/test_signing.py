"""Signatures: what is signed, and what a signature does not cover any more when it changed."""

from __future__ import annotations

import pytest

from deskbell.foundation import signing

URL = "https://desk.example/voice/incoming?a=1"
FORM = {"CallSid": "CA1", "From": "+12125550101"}


def test_twilio_s_documented_example() -> None:
    # https://www.twilio.com/docs/usage/security#validating-requests
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    signature = signing.sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)
    assert signature == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_form_is_signed_whole() -> None:
    signature = signing.sign("secret", URL, FORM)
    assert signing.is_signed("secret", URL, signature, FORM)
    assert not signing.is_signed("other", URL, signature, FORM)
    assert not signing.is_signed("secret", URL + "&b=2", signature, FORM)
    assert not signing.is_signed("secret", URL, signature, FORM | {"From": "+12125550102"})
    assert not signing.is_signed("secret", URL, "", FORM)
    assert not signing.is_signed("secret", URL, "é", FORM)


@pytest.mark.parametrize("url", [URL, "https://desk.example/voice/recordings/RE1"])
def test_a_body_is_signed_by_its_hash(url: str) -> None:
    hashed = signing.with_body_hash(url, b"RIFF")
    signature = signing.sign("secret", hashed)
    assert signing.is_signed_body("secret", hashed, signature, b"RIFF")
    assert not signing.is_signed_body("secret", hashed, signature, b"RIFX")
    assert not signing.is_signed_body("secret", url, signing.sign("secret", url), b"RIFF")
