"""olivia and what accounts paid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from deskbell.accounts.models import Account, User
from deskbell.billing import actions
from deskbell.billing.actions import Agreed
from deskbell.billing.models import Method, Payment, ProviderEvent
from deskbell.billing.providers import Browser, Means
from deskbell.platform.tenancy import account_scope, system_scope

CHEQUE = {"account": "W0411", "method": "check", "amount": "600.00", "words": "Check 1042"}


@pytest.fixture
def by_card(acme: Account, at: datetime) -> Payment:
    with account_scope(acme.pk):
        payment, _ = actions.start_payment(
            account=acme,
            means=Means(Method.CARD, "sandbox-card-succeeds-4242", "4242", "Visa", "Alice"),
            provider="sandbox",
            cents=2500,
            once="click",
            agreed=Agreed("2026-11", Browser("192.0.2.7", "Browser 1", at)),
            by=None,
            at=at,
        )
    return payment


def write_down(client: Client, once: str = "by-hand-1", **changed: Any) -> Any:
    fields = {**CHEQUE, "once": once, **changed}
    return client.post(reverse("operator:record_payment"), fields)


def only() -> Payment:
    with system_scope("test"):
        return Payment.objects.select_related("account").get()


def test_all_payments_are_listed_searched_and_filtered(
    operator: Client, by_card: Payment, other: Account
) -> None:
    write_down(operator, account="W0422")
    page = operator.get(reverse("operator:payments")).content.decode()
    for words in ("Acme Dental", "Brook Plumbing", "$25.00", "Visa ending in 4242", "manual"):
        assert words in page
    searches = {"show=open": 1, "show=paid": 1, "show=lost": 0, "q=w0422": 1, "q=sandbox": 1}
    for query, count in searches.items():
        listed = operator.get(f"{reverse('operator:payments')}?{query}").context["list"]
        assert listed.total == count, query
    csv = operator.get(reverse("operator:payments"), {"format": "csv"}).content.decode()
    assert "Acme Dental (W0411),25.00,0.38,Visa ending in 4242,sandbox" in csv


def test_one_payment_shows_its_agreement_and_its_events(
    operator: Client, by_card: Payment, at: datetime
) -> None:
    ProviderEvent.objects.create(
        provider="sandbox",
        event_id="ev_1",
        kind="payment.paid",
        facts={"reference": str(by_card.reference)},
        came_at=at,
        words="Nothing new.",
    )
    page = operator.get(reverse("operator:payment", args=[by_card.reference])).content.decode()
    for words in ("192.0.2.7", "Browser 1", "2026-11", "payment.paid", "Nothing new."):
        assert words in page


def test_the_provider_is_asked(operator: Client, by_card: Payment, at: datetime) -> None:
    with system_scope("test"):
        Payment.objects.filter(pk=by_card.pk).update(provider_id="sandbox-succeeds-0-a")
    url = reverse("operator:refresh_payment", args=[by_card.reference])
    page = operator.post(url, follow=True).content.decode()
    assert "The provider says: Paid." in page


def test_a_check_is_written_down_once_and_may_come_back(
    operator: Client, acme: Account, olivia: User
) -> None:
    for _ in range(2):
        assert write_down(operator).headers["Location"] == reverse("operator:payments")
    payment = only()
    assert (payment.cents, payment.words, payment.created_by) == (
        60_000,
        "Check 1042",
        olivia.email,
    )
    refresh = reverse("operator:refresh_payment", args=[payment.reference])
    assert "nobody to ask" in operator.post(refresh, follow=True).content.decode()
    back = reverse("operator:payment_came_back", args=[payment.reference])
    assert operator.post(back, {"words": ""}).status_code == 422
    operator.post(back, {"words": "It bounced"})
    assert (only().state, only().words) == ("returned", "It bounced")


def test_a_card_does_not_come_back_by_hand(operator: Client, by_card: Payment) -> None:
    back = reverse("operator:payment_came_back", args=[by_card.reference])
    assert operator.post(back, {"words": "No"}).status_code == 422
    assert only().state == "started"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"account": "W9999"}, "account"),
        ({"amount": "0"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"method": "card"}, "method"),
        ({"words": "x" * 201}, "words"),
        ({"once": "statement-W0411-2026-03"}, "once"),
    ],
)
def test_what_is_wrong_is_said(
    operator: Client, acme: Account, changed: dict[str, str], field: str
) -> None:
    answer = operator.post(
        reverse("operator:record_payment"), {**CHEQUE, "once": "by-hand-1", **changed}
    )
    assert answer.status_code == 422
    assert answer.context["form"].has_error(field)
