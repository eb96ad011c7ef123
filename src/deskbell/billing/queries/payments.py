"""Reads of payments."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from deskbell.accounts.models import Account

from ..errors import PaymentNotFound
from ..models import AutomaticPayment, Payment, ProviderEvent, Statement, StatementState
from ..rules.automatic import LATE_BY
from ..rules.moves import UNDER_WAY


def payments(account: Account) -> QuerySet[Payment]:
    """All payments of an account, the newest first. Needs its scope."""
    return Payment.objects.filter(account=account).order_by("-created_at", "-pk")


def every_payment() -> QuerySet[Payment]:
    """The payments of all accounts, each with its account, the newest first. Needs a system
    scope."""
    return Payment.objects.select_related("account").order_by("-created_at", "-pk")


def one_payment(reference: UUID) -> Payment:
    """A payment by its reference, with its account. Raises PaymentNotFound. Needs a scope."""
    found = Payment.objects.select_related("account").filter(reference=reference).first()
    if found is None:
        raise PaymentNotFound
    return found


def payment_of_click(once: str) -> Payment | None:
    """The payment that a click on Pay made. Needs the account's scope."""
    return Payment.objects.filter(once=once).first()


def under_way() -> QuerySet[Payment]:
    """The payments whose end is not known yet. Needs a scope."""
    return Payment.objects.filter(state__in=UNDER_WAY)


def automatic_payment(account: Account) -> AutomaticPayment | None:
    """What pays an account's statements by itself, if anything does. Needs its scope."""
    return AutomaticPayment.objects.filter(account=account, ended_at=None).first()


def events_of(payment: Payment) -> QuerySet[ProviderEvent]:
    """What the provider told of a payment by itself, the newest first."""
    about = Q(about=payment.provider_id) if payment.provider_id else Q(pk=None)
    rows = ProviderEvent.objects.filter(
        about | Q(facts__reference=str(payment.reference)), provider=payment.provider
    )
    return rows.order_by("-came_at", "-pk")


def to_be_paid(at: datetime) -> QuerySet[Statement]:
    """Statements that may be due now somewhere on earth, of accounts that agreed to have them
    paid, and whose own payment was not begun. Needs a system scope."""
    day = timedelta(days=1)
    agreed = AutomaticPayment.objects.filter(account=OuterRef("account"), ended_at=None)
    begun = Payment.objects.filter(once=Concat(Value("statement-"), OuterRef("number")))
    return Statement.objects.filter(
        Exists(agreed),
        ~Exists(begun),
        state=StatementState.ISSUED,
        due_on__range=((at - LATE_BY - day).date(), (at + day).date()),
    )
