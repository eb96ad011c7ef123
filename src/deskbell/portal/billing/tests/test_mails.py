"""The mails about payments."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core import mail

from deskbell.accounts.models import Account, User
from deskbell.billing import actions
from deskbell.billing.actions import Agreed
from deskbell.billing.models import AutomaticPayment, Method, Payment, PaymentState
from deskbell.billing.providers import Browser, Means, Outcome
from deskbell.platform.tenancy import account_scope
from deskbell.portal.billing.paying import jobs, subscriptions

CARD = Means(Method.CARD, "sandbox-card-succeeds-4242", "4242", "Visa", "Alice")
BANK = Means(Method.ACH, "sandbox-ach-settles-6789", "6789", "Sandbox Bank", "Alice")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run as they are queued."""
    monkeypatch.setattr(subscriptions, "enqueue", lambda job, **arguments: job.work(**arguments))


def agreed(alice: User, at: datetime) -> Agreed:
    return Agreed("2026-11", Browser("192.0.2.7", "Browser 1", at), alice.email)


def start(account: Account, alice: User, at: datetime, means: Means) -> Payment:
    payment, _ = actions.start_payment(
        account=account,
        means=means,
        provider="sandbox",
        cents=2500,
        once="click",
        agreed=agreed(alice, at),
        by=alice,
        at=at,
    )
    return payment


def test_a_receipt_goes_to_the_payer(acme: Account, alice: User, at: datetime) -> None:
    with account_scope(acme.pk):
        payment = start(acme, alice, at, CARD)
        actions.carry_out(payment, at=at)
    [receipt] = mail.outbox
    assert receipt.to == [alice.email]
    assert receipt.subject == "Receipt for your payment of $25.38 for W0411"
    for words in ("$25.00", "$0.38", "Visa ending in 4242", str(payment.reference), "Sandbox"):
        assert words in receipt.body


def test_a_bank_debit_is_told_when_it_begins_and_when_it_comes_back(
    acme: Account, alice: User, at: datetime
) -> None:
    with account_scope(acme.pk):
        payment = start(acme, alice, at, BANK)
        for state in (PaymentState.PROCESSING, PaymentState.SUCCEEDED, PaymentState.RETURNED):
            actions.settle(payment, Outcome(state, "id", "R01: not enough money"), at)
    subjects = [each.subject for each in mail.outbox]
    assert [subject.partition(" for W0411")[0] for subject in subjects] == [
        "Receipt for your payment of $25.00",
        "Your payment of $25.00 came back",
    ]
    assert "R01: not enough money" in mail.outbox[-1].body


def test_automatic_payment_is_told_when_it_begins_and_ends(
    acme: Account, alice: User, at: datetime
) -> None:
    with account_scope(acme.pk):
        automatic = actions.begin_automatic(
            account=acme,
            means=BANK,
            provider="sandbox",
            agreed=agreed(alice, at),
            by=alice,
            at=at,
        )
        actions.end_automatic(automatic=automatic, at=at, words="Ended by somebody.")
    began, ended = mail.outbox
    assert began.subject == "Automatic payment began for W0411"
    assert "Sandbox Bank ending in 6789" in began.body
    assert "Ended by somebody." in ended.body


def test_nobody_is_told_of_what_is_gone_or_has_no_payer(
    acme: Account, alice: User, at: datetime
) -> None:
    jobs.send_payment.work(account_id=acme.pk, payment_id=0, state="succeeded")
    jobs.send_automatic.work(account_id=acme.pk, automatic_id=0, has_ended=True)
    assert mail.outbox == []
    with account_scope(acme.pk):
        assert not AutomaticPayment.objects.exists()
