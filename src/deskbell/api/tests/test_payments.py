"""What a provider of payments tells at its address: signed, read, kept once, and no more."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from deskbell.accounts.models import Account
from deskbell.api.voice.requests import MAX_FORM_BYTES
from deskbell.billing.models import Method, Payment, PaymentState, ProviderEvent
from deskbell.platform.tenancy import account_scope, system_scope
from tests.localstripe import use
from tests.stripe_peer import event

pytestmark = pytest.mark.django_db
INTENT = {"id": "pi_of_nobody", "object": "payment_intent", "metadata": {}}


@pytest.fixture
def by_stripe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's keys are set, and nobody is where it should be."""
    use(monkeypatch, "127.0.0.1:1")


def tell(client: Client, body: bytes, headers: dict[str, str], provider: str = "stripe") -> int:
    kind = "application/json"
    return client.post(
        f"/payments/{provider}", body, content_type=kind, headers=headers
    ).status_code


@pytest.mark.usefixtures("by_stripe")
@pytest.mark.parametrize("metadata", [{}, {"reference": "INV-7"}])
def test_of_a_payment_that_is_none_of_ours_is_kept_once(
    client: Client, metadata: dict[str, str]
) -> None:
    """Also where somebody else pays through the same account at Stripe."""
    body, headers = event("payment_intent.succeeded", INTENT | {"metadata": metadata}, "evt_1")
    assert [tell(client, body, headers) for _ in range(2)] == [204, 204]
    with system_scope("a test"):
        [kept] = ProviderEvent.objects.filter(event_id="evt_1")
    assert kept.words == "No payment of ours."


@pytest.mark.usefixtures("by_stripe")
@pytest.mark.parametrize("secret_is_known", [True, False])
def test_what_cannot_be_read_is_refused_with_or_without_a_signature(
    client: Client, *, secret_is_known: bool
) -> None:
    body, headers = event("payment_intent.succeeded", {}, "evt_2")
    if secret_is_known:  # signed, but about nothing
        assert tell(client, body, headers) == 400
    else:
        assert tell(client, b"{", headers) == 403
    with system_scope("a test"):
        assert not ProviderEvent.objects.filter(event_id="evt_2").exists()


@pytest.mark.usefixtures("by_stripe")
def test_more_than_anybody_says_is_not_read(client: Client) -> None:
    _, headers = event("payment_intent.succeeded", INTENT, "evt_3")
    assert tell(client, b" " * (MAX_FORM_BYTES + 1), headers) == 413


@pytest.mark.parametrize("provider", ["sandbox", "nacha", "stripe", "guessed"])
def test_a_provider_that_tells_nothing_here_has_no_address(client: Client, provider: str) -> None:
    """Stripe's keys are not set."""
    body, headers = event("payment_intent.succeeded", INTENT, "evt_4")
    assert tell(client, body, headers, provider) == 404


@pytest.mark.usefixtures("by_stripe")
def test_of_a_payment_that_cannot_be_asked_for_is_to_be_told_again(
    client: Client, acme: Account, at: datetime
) -> None:
    """Nobody answers at this Stripe's address; another provider takes new payments here."""
    with account_scope(acme.pk):
        payment = Payment.objects.create(
            account=acme,
            method=Method.CARD,
            provider="stripe",
            cents=2500,
            once="click",
            created_at=at,
        )
    about = INTENT | {"metadata": {"reference": str(payment.reference)}}
    body, headers = event("payment_intent.succeeded", about, "evt_5")
    assert [tell(client, body, headers) for _ in range(2)] == [503, 503]
    with system_scope("a test"):
        assert ProviderEvent.objects.get(event_id="evt_5").done_at is None
        payment.refresh_from_db()
        assert payment.state == PaymentState.STARTED


def test_looking_at_it_is_no_way_to_tell(client: Client) -> None:
    answer = client.get("/payments/stripe")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
