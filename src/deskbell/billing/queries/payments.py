"""Reads of payments."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from deskbell.accounts.models import Account

from ..errors import PaymentNotFound
from ..models import AutomaticPayment, Payment, ProviderEvent
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
