"""What Stripe tells by itself: believed where it is signed, and signed a short while ago."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskbell.billing.providers import Event
from deskbell.billing.providers.stripe.provider import Stripe
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, NotAllowed
from deskbell.foundation.stripe import StripeKeys, read_stripe

SECRET = "whsec_12345"
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
INTENT = {"id": "pi_1", "object": "payment_intent", "metadata": {"reference": "abc"}}
CHARGE = {"id": "ch_1", "payment_intent": "pi_1", "status": "succeeded"}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = replace(environment(), stripe=StripeKeys("sk_test_1", "pk_test_1", SECRET))
    monkeypatch.setattr("deskbell.billing.providers.stripe.asking.environment", lambda: ours)


def body_of(kind: str, about: Any) -> bytes:
    told = {"id": "evt_1", "type": kind, "created": int(AT.timestamp()), "data": {"object": about}}
    return json.dumps(told).encode()


def signed(body: bytes, *, at: datetime = AT, secret: str = SECRET) -> dict[str, str]:
    moment = int(at.timestamp())
    digest = hmac.digest(secret.encode(), b"%d." % moment + body, hashlib.sha256).hex()
    return {"stripe-signature": f"t={moment},v1={digest}"}


@pytest.mark.parametrize(
    ("kind", "about", "reference"),
    [
        ("payment_intent.succeeded", INTENT, "abc"),
        ("charge.refunded", CHARGE, ""),
        ("charge.dispute.created", {"id": "dp_1", "payment_intent": "pi_1"}, ""),
    ],
)
def test_an_event_names_its_payment(kind: str, about: Any, reference: str) -> None:
    body = body_of(kind, about)
    [event] = Stripe().events(body, signed(body), AT)
    assert (event.event_id, event.kind, event.about, event.happened_at) == (
        "evt_1",
        kind,
        "pi_1",
        AT,
    )
    assert event.facts["reference"] == reference


def test_one_of_several_signatures_is_enough() -> None:
    body = body_of("charge.refunded", CHARGE)
    ours = signed(body)["stripe-signature"]
    moment, fits = ours.split(",")
    found = Stripe().events(body, {"stripe-signature": f"{moment},v1={'0' * 64},{fits}"}, AT)
    assert isinstance(found[0], Event)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"stripe-signature": ""},
        {"stripe-signature": "t=now,v1=00"},
        {"stripe-signature": f"t={int(AT.timestamp())},v1={'0' * 64}"},
        signed(body_of("charge.refunded", CHARGE), secret="whsec_other"),
        signed(b"{}"),
    ],
)
def test_a_forged_event_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(NotAllowed, match="not signed by Stripe"):
        Stripe().events(body_of("charge.refunded", CHARGE), headers, AT)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_event_from_another_time_is_refused(minutes: int) -> None:
    body = body_of("charge.refunded", CHARGE)
    with pytest.raises(NotAllowed, match="clock"):
        Stripe().events(body, signed(body, at=AT + timedelta(minutes=minutes)), AT)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", body_of("charge.refunded", None)])
def test_what_is_no_event_is_said(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="no event"):
        Stripe().events(body, signed(body), AT)


GIVEN = {
    "DESKBELL_STRIPE_SECRET_KEY": "sk_live_1",
    "DESKBELL_STRIPE_PUBLISHABLE_KEY": "pk_live_1",
    "DESKBELL_STRIPE_WEBHOOK_SECRET": "whsec_1",
}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "is needed"),
        ("SECRET_KEY", "pk_live_1", "begins with sk_"),
        ("PUBLISHABLE_KEY", "sk_live_1", "begins with pk_"),
        ("WEBHOOK_SECRET", "", "is needed"),
    ],
)
def test_keys_that_cannot_be_name_their_variable(name: str, value: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"DESKBELL_STRIPE_{name}.*{words}"):
        read_stripe(GIVEN | {f"DESKBELL_STRIPE_{name}": value}, is_needed=True)


def test_no_secret_is_shown() -> None:
    assert "sk_live_1" not in repr(read_stripe(GIVEN, is_needed=True))
    assert read_stripe({}, is_needed=False) is None
