"""Pay Your Bill, page by page; the journey in tests/journeys goes through it in a browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from deskbell.accounts.models import Account, User
from deskbell.billing.models import AutomaticPayment, Payment, PaymentState, Statement
from deskbell.billing.providers import ProviderTrouble
from deskbell.billing.providers.sandbox import Sandbox
from deskbell.foundation.billing import Billing
from deskbell.platform.tenancy import account_scope, system_scope

CARD = "4242424242424242"
BANK = "000123456789"
BY_CARD = {
    "amount": "25.00",
    "method": "card",
    "card_name": "Alice Acme",
    "card_number": "4242 4242 4242 4242",
    "expiry": "12/30",
    "cvv": "123",
    "address": "1 Main Street",
    "city": "Pittsfield",
    "state": "MA",
    "zip_code": "01201",
    "agree": "on",
}
BY_BANK = {
    "amount": "$6.00",
    "method": "ach",
    "holder_name": "Acme Dental",
    "routing_number": "110000000",
    "account_number": BANK,
    "account_again": "0001-2345-6789",
    "agree": "on",
}


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch, at: datetime) -> list[datetime]:
    """The clock of all that pays, which tests move on."""
    shown = [at]
    for place in (
        "deskbell.billing.providers.sandbox",
        "deskbell.portal.billing.paying.views",
        "deskbell.portal.billing.paying.confirming",
        "deskbell.portal.billing.paying.automatic",
    ):
        monkeypatch.setattr(f"{place}.now", lambda: shown[0])
    return shown


@pytest.fixture
def payer(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def owed(acme: Account, at: datetime) -> Statement:
    with account_scope(acme.pk):
        return Statement.objects.create(
            account=acme,
            number="W0411-2026-02",
            month=at.date().replace(day=1),
            state="issued",
            total_cents=600,
            checked_cents=600,
            due_on=at.date(),
            made_at=at,
            issued_at=at,
        )


def submit(client: Client, fields: dict[str, Any], **changed: Any) -> Any:
    return client.post(reverse("billing"), {**fields, **changed})


def once_of(client: Client) -> str:
    return str(client.get(reverse("billing:confirm")).context["draft"].once)


def confirm(client: Client, once: str) -> Any:
    return client.post(reverse("billing:confirm"), {"once": once})


def paid() -> list[Payment]:
    with system_scope("test"):
        return list(Payment.objects.order_by("pk"))


def test_the_page_shows_what_is_due_and_offers_it(payer: Client, owed: Statement) -> None:
    page = payer.get(reverse("billing")).content.decode()
    for words in ("Account #", "W0411", "Client ID #", "411", "Total Due", "$6.00"):
        assert words in page
    assert 'value="6.00"' in page
    assert "Sandbox: no money moves" in page


def test_a_card_pays_after_it_is_confirmed(payer: Client, alice: User) -> None:
    assert submit(payer, BY_CARD).headers["Location"] == reverse("billing:confirm")
    assert paid() == []
    page = payer.get(reverse("billing:confirm")).content.decode()
    for words in ("$25.00", "$0.38", "$25.38", "Visa ending in 4242", "Alice Acme"):
        assert words in page
    answer = confirm(payer, once_of(payer))
    [payment] = paid()
    assert answer.headers["Location"] == reverse("billing:receipt", args=[payment.reference])
    assert (payment.state, payment.total_cents) == (PaymentState.SUCCEEDED, 2538)
    assert (payment.receipt_to, payment.created_by) == (alice.email, alice.email)
    assert (payment.terms, payment.agreed_from) == ("2026-11", "127.0.0.1")
    receipt = payer.get(answer.headers["Location"]).content.decode()
    assert "Thank you" in receipt
    assert str(payment.reference) in receipt
    history = payer.get(reverse("billing:history")).content.decode()
    assert "Visa ending in 4242" in history
    csv = payer.get(reverse("billing:history"), {"format": "csv"}).content.decode()
    assert "25.00,0.38,Visa ending in 4242,Paid" in csv


def test_a_second_click_shows_the_same_payment(payer: Client) -> None:
    submit(payer, BY_CARD)
    once = once_of(payer)
    first, second = confirm(payer, once), confirm(payer, once)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(paid()) == 1


def test_a_second_click_that_overtakes_the_first_shows_what_becomes_of_it(payer: Client) -> None:
    """The first one's request is still with the provider when the second one's page is there."""
    submit(payer, BY_CARD)
    receipt = confirm(payer, once_of(payer)).headers["Location"]
    with system_scope("test"):
        Payment.objects.update(state=PaymentState.STARTED)
    assert 'hx-trigger="every 2s"' in payer.get(receipt).content.decode()
    asked = {"HX-Request": "true"}
    assert "HX-Refresh" not in payer.get(receipt, headers=asked).headers
    with system_scope("test"):
        Payment.objects.update(state=PaymentState.SUCCEEDED)
    answer = payer.get(receipt, headers=asked)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")
    assert "hx-trigger" not in payer.get(receipt).content.decode()


def test_a_bank_account_signs_up_and_is_ended(
    payer: Client, owed: Statement, alice: User, at: datetime
) -> None:
    submit(payer, BY_BANK, automatic="on")
    page = payer.get(reverse("billing:confirm")).content.decode()
    assert "From now on, what is due is taken" in page
    confirm(payer, once_of(payer))
    [payment] = paid()
    assert (payment.state, payment.fee_cents) == (PaymentState.PROCESSING, 0)
    page = payer.get(reverse("billing")).content.decode()
    assert "ending in 6789" in page
    assert "Total Due</dt><dd>$0.00" in page
    assert (
        "End the automatic payment?" in payer.get(reverse("billing:end_automatic")).content.decode()
    )
    payer.post(reverse("billing:end_automatic"))
    with system_scope("test"):
        ended = AutomaticPayment.objects.get()
    assert (ended.ended_at, ended.words) == (at, f"Ended by {alice.email}.")
    assert payer.get(reverse("billing:end_automatic")).headers["Location"] == reverse("billing")


def test_an_automatic_payment_whose_first_fails_does_not_begin(payer: Client) -> None:
    submit(
        payer, BY_BANK, automatic="on", account_number="000222222227", account_again="000222222227"
    )
    confirm(payer, once_of(payer))
    [payment] = paid()
    assert payment.state == PaymentState.FAILED
    with system_scope("test"):
        assert AutomaticPayment.objects.get().words == "Its first payment failed."


@pytest.mark.parametrize(
    ("fields", "changed", "field"),
    [
        (BY_CARD, {"amount": "0"}, "amount"),
        (BY_CARD, {"amount": "-5"}, "amount"),
        (BY_CARD, {"amount": "ten"}, "amount"),
        (BY_CARD, {"amount": ""}, "amount"),
        (BY_CARD, {"amount": "50000.01"}, "amount"),
        (BY_CARD, {"card_number": "4242424242424241"}, "card_number"),
        (BY_CARD, {"card_number": ""}, "card_number"),
        (BY_CARD, {"card_number": "4012888888881881"}, "card_number"),
        (BY_CARD, {"expiry": "02/26"}, "expiry"),
        (BY_CARD, {"expiry": "9" * 50}, "expiry"),
        (BY_CARD, {"cvv": "1234"}, "cvv"),
        (BY_CARD, {"card_number": "378282246310005"}, "cvv"),
        (BY_CARD, {"card_name": " "}, "card_name"),
        (BY_CARD, {"address": ""}, "address"),
        (BY_CARD, {"city": ""}, "city"),
        (BY_CARD, {"state": "XX"}, "state"),
        (BY_CARD, {"state": ""}, "state"),
        (BY_CARD, {"zip_code": "1201"}, "zip_code"),
        (BY_CARD, {"zip_code": ""}, "zip_code"),
        (BY_CARD, {"agree": ""}, "agree"),
        (BY_CARD, {"method": "cash"}, "method"),
        (BY_BANK, {"routing_number": "110000001"}, "routing_number"),
        (BY_BANK, {"routing_number": ""}, "routing_number"),
        (BY_BANK, {"account_again": "000123456780"}, "account_again"),
        (
            BY_BANK,
            {"account_number": "000999999999", "account_again": "000999999999"},
            "account_number",
        ),
        (BY_BANK, {"holder_name": ""}, "holder_name"),
        (BY_BANK, {"holder_name": "x\0y"}, "holder_name"),
        (BY_BANK, {"agree": ""}, "agree"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_no_number_comes_back(
    payer: Client, fields: dict[str, Any], changed: dict[str, Any], field: str
) -> None:
    given = {**fields, **changed}
    answer = submit(payer, given)
    assert answer.status_code == 422
    assert answer.context["form"].has_error(field)
    page = answer.content.decode().partition("<form")[2].partition('id="pay"')[2]
    for name in ("routing_number", "account_number", "account_again", "card_number", "cvv"):
        typed = given.get(name, "")
        assert len(typed) < 3 or f'value="{typed}"' not in page
    assert payer.get(reverse("billing:confirm")).headers["Location"] == reverse("billing")
    assert paid() == []


def test_a_draft_is_of_one_person_in_one_account_for_a_quarter_of_an_hour(
    payer: Client, acme: Account, other: Account, alice: User, stopped: list[datetime]
) -> None:
    from deskbell.accounts.actions import join

    join(user=alice, account=other, role="BG_ADMIN")
    submit(payer, BY_CARD)
    once = once_of(payer)
    payer.post(reverse("switch_account"), {"account": other.pk})
    assert confirm(payer, once).headers["Location"] == reverse("billing")
    payer.post(reverse("switch_account"), {"account": acme.pk})
    assert confirm(payer, "another").headers["Location"] == reverse("billing")
    stopped[0] += timedelta(minutes=16)
    assert confirm(payer, once).headers["Location"] == reverse("billing")
    assert paid() == []


def test_another_accounts_payment_is_not_there(
    payer: Client, charlie: User, client: Client
) -> None:
    submit(payer, BY_CARD)
    once = once_of(payer)
    confirm(payer, once)
    [payment] = paid()
    client.force_login(charlie)
    assert client.get(reverse("billing:receipt", args=[payment.reference])).status_code == 404
    assert confirm(client, once).headers["Location"] == reverse("billing")
    assert "4242" not in client.get(reverse("billing:history")).content.decode()


def test_trouble_with_the_provider_is_said_and_nothing_is_taken(
    payer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_given: object, **_named: object) -> None:
        raise ProviderTrouble("The bank is closed.", may_have_happened=False)

    monkeypatch.setattr(Sandbox, "keep", closed)
    answer = submit(payer, BY_CARD)
    assert answer.status_code == 422
    assert "The bank is closed. Nothing was taken" in answer.content.decode()
    monkeypatch.undo()


def test_where_no_provider_is_chosen_the_page_says_whom_to_call(
    payer: Client, owed: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    billing = Billing(phone="(413) 555-0100", wire=("First Bank", "Account 1"), name="Desk Inc.")
    monkeypatch.setattr("deskbell.portal.billing.frame.settings", lambda: billing)
    monkeypatch.setattr("deskbell.portal.billing.paying.views.chosen", lambda: None)
    page = payer.get(reverse("billing")).content.decode()
    assert "Payments on this page are off" in page
    assert "(413) 555-0100" in page
    assert 'name="card_number"' not in page
    assert "$6.00" in page
    assert submit(payer, BY_CARD).status_code == 200
    wire = payer.get(reverse("billing:wire")).content.decode()
    for words in ("First Bank", "W0411", "Desk Inc."):
        assert words in wire


def test_the_terms_are_of_an_edition(payer: Client) -> None:
    assert "Edition 2026-11" in payer.get(reverse("billing:terms")).content.decode()


def test_an_error_report_has_no_number(payer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's page for programmers shows variables and posted values; these it may not."""
    from django.conf import settings

    def broken(_self: object, _numbers: object) -> None:
        raise ImproperlyConfigured("broken on purpose")

    monkeypatch.setattr(Sandbox, "keep", broken)
    payer.raise_request_exception = False
    monkeypatch.setattr(settings, "DEBUG", True)
    answer = submit(payer, BY_CARD)
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "broken on purpose" in page
    for number in (CARD, "4242 4242 4242 4242", "12/30"):
        assert number not in page
