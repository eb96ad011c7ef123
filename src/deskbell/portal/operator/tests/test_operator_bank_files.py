"""Files for the bank: made, taken out, and what came back read in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.audit.models import Entry
from deskbell.billing import actions
from deskbell.billing.actions import Agreed
from deskbell.billing.models import BankFile, BankReturn, Payment, PaymentState
from deskbell.billing.providers import BankNumbers, Browser
from deskbell.billing.providers.nacha import Nacha
from deskbell.billing.tests.nacha_reader import read_file, returns_file
from deskbell.billing.tests.test_bank_rules import bank
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
FILES = "/operator/bank-files/"
RETURNS = f"{FILES}returns/"


@pytest.fixture(autouse=True)
def our_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = replace(environment(), bank=bank())
    for module in (
        "deskbell.billing.actions.bank_files",
        "deskbell.billing.providers.nacha",
        "deskbell.portal.operator.bank_files.views",
    ):
        monkeypatch.setattr(f"{module}.environment", lambda: ours)


@pytest.fixture
def payment(acme: Account) -> Payment:
    means = Nacha().keep(BankNumbers("Acme Dental", "011000015", "000123456789"))
    with account_scope(acme.pk):
        made, _ = actions.start_payment(
            account=acme,
            means=means,
            provider="nacha",
            cents=2500,
            once="once",
            agreed=Agreed("1", Browser(None, "", now())),
            by=None,
            at=now(),
        )
        actions.carry_out(made, at=now())
    return made


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def upload(client: Client, content: str) -> Any:
    file = SimpleUploadedFile("returns.txt", content.encode())
    return client.post(RETURNS, {"file": file}, follow=True)


def test_a_file_is_made_taken_out_and_read_by_the_bank(operator: Client, payment: Payment) -> None:
    assert "1 payment of $25.00 waits" in text_of(operator.get(FILES))
    assert "1 payment of $25.00 together" in text_of(operator.get(f"{FILES}make/"))
    made = text_of(operator.post(f"{FILES}make/", follow=True))
    assert "No payment waits" in made
    assert "Not taken out" in made
    [file] = BankFile.objects.all()
    answer = operator.get(f"{FILES}{file.pk}/file/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert file.name in answer.headers["Content-Disposition"]
    assert read_file(text_of(answer)).debits[0].account == "000123456789"
    assert "Not taken out" not in text_of(operator.get(FILES))
    with system_scope("a test reads every account's log"):
        words = list(Entry.objects.order_by("pk").values_list("words", "subject"))
    assert words[-2:] == [
        ("Made a file for the bank", file.name),
        ("Took a file for the bank out", file.name),
    ]
    assert "No payment waits for a file" in text_of(operator.post(f"{FILES}make/", follow=True))


def test_what_comes_back_counts_no_more(operator: Client, payment: Payment) -> None:
    actions.make_bank_file(by=None, at=now())
    with account_scope(payment.account_id):
        payment.refresh_from_db()
    content = returns_file((payment.trace_number, "R01", 2500, "011000010000001"))
    page = text_of(upload(operator, content))
    assert "1 came back, 0 corrected" in page
    assert "R01: not enough money in the account" in page
    assert "0 came back, 0 corrected, 1 known before" in text_of(upload(operator, content))
    with account_scope(payment.account_id):
        payment.refresh_from_db()
    assert payment.state == PaymentState.RETURNED
    assert payment.trace_number in text_of(operator.get(f"{RETURNS}?format=csv"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("hello", "This is no file from a bank"),
        (returns_file(("021000020000001", "R01", 1, "0" * 15)).replace("R01", "Q01"), "Line 4"),
    ],
)
def test_a_broken_file_is_refused_beside_its_field(
    operator: Client, content: str, words: str
) -> None:
    answer = upload(operator, content)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not BankReturn.objects.exists()


def test_no_file_is_said(operator: Client) -> None:
    assert "Choose the file" in text_of(operator.post(RETURNS))


def test_a_client_sees_none_of_it(client: Client, alice: User) -> None:
    client.force_login(alice)
    for url in (FILES, RETURNS, f"{FILES}make/", f"{FILES}1/file/"):
        assert client.get(url).status_code == 403
