"""Means, payments and statements that tests of payments begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from deskbell.accounts.models import Account, User
from deskbell.billing import actions
from deskbell.billing.actions import Agreed
from deskbell.billing.models import AutomaticPayment, Method, Payment, Statement, StatementState
from deskbell.billing.providers import Browser, Means, Order, Outcome, ProviderTrouble

CARD = Means(Method.CARD, "sandbox-card-succeeds-4242", "4242", "Visa", "Alice")
DECLINED = Means(Method.CARD, "sandbox-card-declined-0002", "0002", "Visa", "Alice")
BANK = Means(Method.ACH, "sandbox-ach-settles-6789", "6789", "Sandbox Bank", "Alice")
BOUNCES = Means(Method.ACH, "sandbox-ach-returns-1116", "1116", "Sandbox Bank", "Alice")


def agreed(at: datetime) -> Agreed:
    return Agreed("2026-11", Browser("192.0.2.7", "Browser 1", at), "alice@example.com")


def start(
    account: Account, at: datetime, means: Means = CARD, once: str = "click", cents: int = 2500
) -> Payment:
    payment, _ = actions.start_payment(
        account=account,
        means=means,
        provider="sandbox",
        cents=cents,
        once=once,
        agreed=agreed(at),
        by=None,
        at=at,
    )
    return payment


Answer = Outcome | ProviderTrouble | None


class Told:
    """A sandbox that answers with what it was told, or not at all; nothing else of it differs."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.orders: list[Any] = []

    def pay(self, order: Any) -> Outcome | None:
        self.orders.append(order)
        return self.ask("")

    def ask(self, _name: str) -> Outcome | None:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ProviderTrouble):
            raise answer
        return answer

    find = ask


def answer_with(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> Told:
    told = Told(*answers)
    monkeypatch.setattr("deskbell.billing.actions.payments.provider_named", lambda _name: told)
    return told


def queued() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT dedupe_key FROM pgqueuer WHERE dedupe_key IS NOT NULL")
        return {key for (key,) in cursor.fetchall()}


def owe(
    account: Account, at: datetime, number: str = "W0411-2026-02", cents: int = 600
) -> Statement:
    return Statement.objects.create(
        account=account,
        number=number,
        month=at.date().replace(day=1, month=int(number[-2:])),
        state=StatementState.ISSUED,
        total_cents=cents,
        checked_cents=cents,
        due_on=at.date(),
        made_at=at,
        issued_at=at,
    )


def sign_up(account: Account, at: datetime, by: User, means: Means = BANK) -> AutomaticPayment:
    return actions.begin_automatic(
        account=account, means=means, provider="sandbox", agreed=agreed(at), by=by, at=at
    )


def order(token: str, **changes: object) -> Order:
    """What Stripe is asked to take: by card, unless the changes say otherwise."""
    told = Order(
        key=str(uuid4()),
        cents=2538,
        token=token,
        method=Method.CARD,
        words="Account W0411",
        browser=Browser("192.0.2.1", "a browser", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    )
    return replace(told, **changes)  # type: ignore[arg-type]
