"""Statements as clients and the operator see them, and the mail about one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from deskbell.accounts.models import Account, User
from deskbell.billing import actions
from deskbell.billing.models import Adjustment, Statement, StatementState
from deskbell.billing.queries import balance
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.portal.billing.statements.jobs import managers, send_statement

OCTOBER = date(2026, 10, 1)
SOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def stated(acme: Account, at: datetime) -> Statement:
    plan = actions.add_plan(name="Standard", base_cents=12900, overage_cents=125, at=at)
    with account_scope(acme.pk):
        actions.subscribe(account=acme, plan=plan, begins_on=OCTOBER, by=None, at=at)
        actions.adjust(account=acme, cents=600, words="=HYPERLINK(1)", by=None, at=at)
    actions.make_statements(OCTOBER, SOON)
    with account_scope(acme.pk):
        return Statement.objects.get()


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_client_reads_a_statement_and_takes_it_along(alice: User, stated: Statement) -> None:
    client = entered(alice)
    listed = client.get(reverse("billing:statements")).content.decode()
    assert "You owe $135.00 now" in listed
    assert stated.number in listed
    page = client.get(reverse("billing:statement", args=[stated.pk])).content.decode()
    for words in ("Standard, October 2026", "$129.00", "$6.00", "Total due", "$135.00"):
        assert words in page
    table = client.get(reverse("billing:statement_csv", args=[stated.pk])).content.decode()
    assert "'=HYPERLINK(1)" in table
    assert table.splitlines()[1].endswith(",129.00")
    paper = client.get(reverse("billing:statement_pdf", args=[stated.pk]))
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    for words in ("Statement W0411-2026-10", "Standard, October 2026", "$135.00"):
        assert words in text


def test_what_is_held_the_account_does_not_see(
    alice: User, olivia: User, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        held = Statement.objects.create(
            account=acme,
            number="W0411-2026-09",
            month=date(2026, 9, 1),
            state=StatementState.HELD,
            total_cents=100,
            checked_cents=200,
            due_on=OCTOBER,
            made_at=at,
        )
    client = entered(alice)
    assert "W0411-2026-09" not in client.get(reverse("billing:statements")).content.decode()
    assert client.get(reverse("billing:statement", args=[held.pk])).status_code == 404
    operator = entered(olivia)
    assert (
        "Held: the two sums differ" in operator.get(reverse("operator:statements")).content.decode()
    )
    page = operator.get(reverse("operator:statement", args=[held.pk])).content.decode()
    assert "The lines come to $1.00, the calls themselves to $2.00" in page
    assert operator.get(reverse("operator:statement_pdf", args=[held.pk])).status_code == 200
    made = operator.post(reverse("operator:remake_statement", args=[held.pk]), follow=True)
    assert made.status_code == 200
    with system_scope("test"):
        assert not Statement.objects.filter(pk=held.pk).exists()  # there is nothing to state


def test_the_operator_gives_a_credit_and_takes_it_away(olivia: User, acme: Account) -> None:
    client = entered(olivia)
    address = reverse("operator:account_statements", args=[acme.pk])
    refused = client.post(address, {"kind": "credit", "amount": "-5", "words": ""})
    assert refused.status_code == 422
    client.post(address, {"kind": "credit", "amount": "5.00", "words": "An outage"})
    with account_scope(acme.pk):
        given = Adjustment.objects.get()
        assert (given.cents, given.created_by) == (-500, olivia.email)
    assert "-$5.00" in client.get(address).content.decode()
    client.post(reverse("operator:withdraw_adjustment", args=[acme.pk, given.pk]))
    with account_scope(acme.pk):
        assert not Adjustment.objects.exists()
        assert balance(acme) == 0


def test_the_operator_has_a_month_made_that_is_over(
    olivia: User, stated: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskbell.portal.operator.statements.views.now", lambda: SOON)
    client = entered(olivia)
    page = client.get(reverse("operator:statements")).content.decode()
    assert '<option value="2026-10">October 2026</option>' in page
    done = client.post(reverse("operator:make_statements"), {"month": "2026-10"}, follow=True)
    assert "The statements of October 2026 are being made" in done.content.decode()
    for month in ("2026-11", "", "x"):
        refused = client.post(reverse("operator:make_statements"), {"month": month}, follow=True)
        assert "Choose a month that is over" in refused.content.decode()


def test_those_who_manage_the_account_are_told_by_a_link(
    alice: User, bob: User, charlie: User, acme: Account, stated: Statement
) -> None:
    assert list(managers(acme.pk)) == [alice]
    send_statement.work(account_id=acme.pk, statement_id=stated.pk)
    [sent] = mail.outbox
    assert sent.to == [alice.email]
    assert reverse("billing:statement", args=[stated.pk]) in str(sent.body)
    assert "135" not in str(sent.body)
