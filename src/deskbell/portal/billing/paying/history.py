"""Payment History, and one payment with its receipt."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deskbell.billing import actions
from deskbell.billing.models import Method, Payment, PaymentState
from deskbell.billing.providers.chosen import provider_named
from deskbell.billing.queries.payments import one_payment, payments
from deskbell.billing.rules import dollars_of
from deskbell.foundation.clock import now

from ...attendant.listing import Asked, Column
from ...operator.listing import Table, any_has, context_of, wants_csv
from ...pages import is_partial
from ...security import allow_sources
from ...templatetags.portal import in_zone
from ...tenancy import PortalRequest
from ..frame import OWN_FIELDS, billing_page, show
from .shown import Row, row_of

COLUMNS: Final[list[Column[Row]]] = [
    Column("date", "Date", lambda row: in_zone(row.payment.created_at), first="desc"),
    Column("amount", "Amount", lambda row: dollars_of(row.payment.cents)),
    Column("fee", "Fee", lambda row: dollars_of(row.payment.fee_cents)),
    Column("means", "By", lambda row: row.means),
    Column("state", "State", lambda row: row.state),
    Column("by", "Paid by", lambda row: row.payment.created_by),
]
TABLE: Final[Table[Payment, Row]] = Table(
    columns=COLUMNS,
    orders={
        "date": ["created_at"],
        "amount": ["cents"],
        "fee": ["fee_cents"],
        "means": ["brand", "last4"],
        "state": ["state"],
        "by": ["created_by"],
    },
    has=lambda word: any_has(word, "brand", "last4", "holder", "state", "created_by", "words"),
    shown=lambda found: [row_of(each) for each in found],
)


@require_safe
@billing_page
def history(request: PortalRequest) -> HttpResponse:
    """Every payment of the account, the newest first."""
    asked, rows = Asked.read(request.GET), payments(request.account)
    if wants_csv(request):
        return TABLE.csv(rows, asked, "payments")
    return show(request, "paying/history", context_of(TABLE.page(rows, asked), rows))


@require_safe
@billing_page
def receipt(request: PortalRequest, reference: UUID) -> HttpResponse:
    """One payment: what became of it; a script hears whether there is more to show than that it
    waits for an answer. Where it waits for its payer, the provider is asked, who says how they go
    on."""
    payment = one_payment(reference)
    if is_partial(request):
        is_over = payment.state != PaymentState.STARTED
        return HttpResponse(status=204, headers={"HX-Refresh": "true"} if is_over else {})
    context: dict[str, Any] = {}
    if payment.state == PaymentState.NEEDS_PAYER:
        context = _going_on(payment)
    context |= {"row": row_of(payment), "is_card": payment.method == Method.CARD}
    response = show(request, "paying/receipt", context)
    if "own" in context:
        allow_sources(response, context["own"].sources)
    return response


def _going_on(payment: Payment) -> dict[str, Any]:
    """What the provider's part of the page needs to go on; empty where it needs nobody more."""
    outcome = actions.refresh(payment, now())
    if payment.state != PaymentState.NEEDS_PAYER or outcome is None:
        return {}
    own = provider_named(payment.provider).own_fields
    if own is None or not outcome.secret:
        return {"page": outcome.page}
    return {
        "secret": outcome.secret,
        "own": own,
        "own_fields": f"{OWN_FIELDS}/{payment.provider}_next.html",
    }
