"""Bank accounts through Stripe: proved by a deposit, debited, paid, sent back, taken back.

Localstripe knows none, so `tests.stripe_peer` answers as Stripe's pages document it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from deskbell.billing.models import Method, PaymentState
from deskbell.billing.providers import Browser, Means, Order, ProviderTrouble
from deskbell.billing.providers.stripe.provider import Stripe
from deskbell.foundation.errors import InvalidInput
from tests.localstripe import PUBLISHABLE_KEY, LocalStripe, use
from tests.stripe_peer import HOSTED, Bank, StripePeer

from .paying import order as order_of

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[StripePeer]:
    with LocalStripe() as behind, StripePeer(behind) as found:
        yield found


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch, running: StripePeer) -> Bank:
    use(monkeypatch, running.host)
    running.bank.asked.clear()
    return running.bank


def typed(running: StripePeer, account: str = "000123456789") -> str:
    """The payment method of an account, as a browser has it made."""
    form = {
        "type": "us_bank_account",
        "us_bank_account[routing_number]": "110000000",
        "us_bank_account[account_number]": account,
        "us_bank_account[account_holder_type]": "company",
        "billing_details[name]": "Acme Dental",
        "key": PUBLISHABLE_KEY,
    }
    return str(httpx.post(f"{running.url}/v1/payment_methods", data=form).json()["id"])


def order(token: str, **changes: object) -> Order:
    return order_of(token, method=Method.ACH, **changes)


def test_an_account_is_known_by_its_token_alone(bank: Bank, running: StripePeer) -> None:
    means = Stripe().look(typed(running), Method.ACH)
    assert (means.last4, means.brand, means.holder) == ("6789", "STRIPE TEST BANK", "Acme Dental")
    with pytest.raises(InvalidInput, match="another kind"):
        Stripe().look(typed(running), Method.CARD)


def test_a_new_account_is_proved_by_a_deposit_first(bank: Bank, running: StripePeer) -> None:
    told = order(typed(running))
    first = Stripe().pay(told)
    assert (first.state, first.page, first.secret) == (PaymentState.NEEDS_PAYER, HOSTED, "")
    assert Stripe().pay(told).provider_id == first.provider_id
    bank.verify(first.provider_id)
    assert Stripe().ask(first.provider_id).state == PaymentState.PROCESSING
    bank.collect(first.provider_id)
    assert Stripe().ask(first.provider_id).state == PaymentState.SUCCEEDED


def test_the_mandate_says_who_agreed_when_and_from_where(bank: Bank, running: StripePeer) -> None:
    Stripe().pay(order(typed(running)))
    sent = bank.asked[-1][1]
    assert sent["mandate_data[customer_acceptance][type]"] == "online"
    assert sent["mandate_data[customer_acceptance][accepted_at]"] == str(int(AT.timestamp()))
    assert sent["mandate_data[customer_acceptance][online][ip_address]"] == "192.0.2.1"
    assert sent["mandate_data[customer_acceptance][online][user_agent]"] == "a browser"
    assert "customer" not in sent
    assert "setup_future_usage" not in sent


def test_a_debit_without_anybodys_word_is_not_asked_for(bank: Bank, running: StripePeer) -> None:
    token = typed(running)
    with pytest.raises(InvalidInput, match="Nobody agreed"):
        Stripe().pay(order(token, browser=None))
    assert [path for path, _ in bank.asked] == ["/v1/payment_methods"]


def test_what_pays_by_itself_belongs_to_a_customer(bank: Bank, running: StripePeer) -> None:
    means = Means(Method.ACH, typed(running), "6789")
    token, customer = Stripe().remember(means, account="W0411", browser=Browser(None, "", AT))
    assert bank.asked[-1] == ("/v1/customers", {"metadata[account]": "W0411"})
    first = Stripe().pay(order(token, customer=customer))
    assert bank.asked[-1][1]["setup_future_usage"] == "off_session"
    bank.verify(first.provider_id)
    # and then without the payer
    later = Stripe().pay(order(token, customer=customer, is_automatic=True))
    assert later.state == PaymentState.PROCESSING
    sent = bank.asked[-1][1]
    assert (sent["customer"], sent["off_session"]) == (customer, "true")
    assert not any(name.startswith("mandate_data") for name in sent)


def test_a_debit_that_the_bank_refuses_failed_in_the_banks_words(
    bank: Bank, running: StripePeer
) -> None:
    made = Stripe().pay(order(typed(running)))
    bank.verify(made.provider_id)
    bank.fail(made.provider_id, "The customer's account has insufficient funds.")
    found = Stripe().ask(made.provider_id)
    assert (found.state, found.words) == (
        PaymentState.FAILED,
        "The customer's account has insufficient funds.",
    )


def test_an_order_whose_answer_was_lost_is_found(bank: Bank, running: StripePeer) -> None:
    told = order(typed(running))
    made = Stripe().pay(told)
    assert Stripe().find(told.key) == made
    assert Stripe().find(str(uuid4())) is None


def test_a_payment_that_stripe_does_not_know_has_not_failed(bank: Bank) -> None:
    with pytest.raises(ProviderTrouble, match="Not Found"):
        Stripe().ask("pi_of_another_account")


def test_a_disputed_debit_came_back(bank: Bank, running: StripePeer) -> None:
    made = Stripe().pay(order(typed(running)))
    bank.verify(made.provider_id)
    bank.collect(made.provider_id)
    bank.take_back(made.provider_id)
    assert Stripe().ask(made.provider_id).state == PaymentState.RETURNED
