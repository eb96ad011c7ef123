"""Cards by way of a real localstripe: paid, declined, asked once more; given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deskbell.billing.models import Method, PaymentState
from deskbell.billing.providers import ProviderTrouble
from deskbell.billing.providers.stripe.provider import Stripe
from deskbell.cli.preflight import free_port
from deskbell.foundation.errors import InvalidInput
from tests.localstripe import LocalStripe, use

from .paying import order

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[LocalStripe]:
    with LocalStripe() as found:
        yield found


@pytest.fixture
def at_stripe(monkeypatch: pytest.MonkeyPatch, running: LocalStripe) -> LocalStripe:
    use(monkeypatch, running.host)
    return running


def test_a_card_is_known_by_its_token_alone(at_stripe: LocalStripe) -> None:
    means = Stripe().look(at_stripe.card("4242424242424242"), Method.CARD)
    assert (means.method, means.last4, means.brand) == (Method.CARD, "4242", "Visa")


def test_a_card_pays_and_stripe_knows_what_for(at_stripe: LocalStripe) -> None:
    told = order(at_stripe.card("4242424242424242"))
    outcome = Stripe().pay(told)
    assert outcome.state == PaymentState.SUCCEEDED
    kept = at_stripe.ask("GET", f"/v1/payment_intents/{outcome.provider_id}")
    assert (kept["amount"], kept["currency"]) == (2538, "usd")
    assert kept["metadata"] == {"reference": told.key, "account": "Account W0411"}
    assert Stripe().ask(outcome.provider_id) == outcome


def test_a_declined_card_takes_nothing_and_says_so(at_stripe: LocalStripe) -> None:
    outcome = Stripe().pay(order(at_stripe.card("4000000000000341")))
    assert outcome.state == PaymentState.FAILED
    assert "declined" in outcome.words


def test_a_bank_that_wants_to_hear_from_the_payer(at_stripe: LocalStripe) -> None:
    outcome = Stripe().pay(order(at_stripe.card("4000002500003155")))
    assert outcome.state == PaymentState.NEEDS_PAYER
    assert outcome.secret
    path = f"/v1/payment_intents/{outcome.provider_id}/_authenticate"
    at_stripe.ask("POST", path, client_secret=outcome.secret, success="true")
    assert Stripe().ask(outcome.provider_id).state == PaymentState.SUCCEEDED


def test_what_was_given_back_is_told(at_stripe: LocalStripe) -> None:
    outcome = Stripe().pay(order(at_stripe.card("4242424242424242")))
    at_stripe.ask("POST", "/v1/refunds", payment_intent=outcome.provider_id, amount="538")
    assert Stripe().ask(outcome.provider_id).refunded_cents == 538


@pytest.mark.parametrize("token", ["", "pm_none", "4242424242424242"])
def test_a_token_that_is_none_is_refused(at_stripe: LocalStripe, token: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Stripe().look(token, Method.CARD)
    assert refused.value.field == "token"


def test_a_card_is_no_bank_account(at_stripe: LocalStripe) -> None:
    with pytest.raises(InvalidInput, match="another kind"):
        Stripe().look(at_stripe.card("4242424242424242"), Method.ACH)


def test_nobody_there_means_that_nothing_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    host = f"127.0.0.1:{free_port('127.0.0.1')}"
    use(monkeypatch, host)
    with pytest.raises(ProviderTrouble, match="cannot be reached") as trouble:
        Stripe().pay(order("pm_1"))
    assert not trouble.value.may_have_happened
