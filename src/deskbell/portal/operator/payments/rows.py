"""Payments as the operator's list shows them."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from deskbell.billing.models import Payment, PaymentState
from deskbell.billing.queries.payments import every_payment
from deskbell.billing.rules import dollars_of
from deskbell.billing.rules.moves import UNDER_WAY

from ...attendant.listing import Asked, Column
from ...billing.paying.shown import Row, row_of
from ...templatetags.portal import in_zone
from ..listing import Table, any_has

LABELS: Final = {
    "": "All",
    "open": "Under way",
    "paid": "Paid",
    "lost": "Failed and returned",
    "refunded": "Refunded",
}
_STATES: Final = {
    "open": UNDER_WAY,
    "paid": {PaymentState.SUCCEEDED},
    "lost": {PaymentState.FAILED, PaymentState.RETURNED},
    "refunded": {PaymentState.REFUNDED},
}
COLUMNS: Final[list[Column[Row]]] = [
    Column("date", "Date", lambda row: in_zone(row.payment.created_at), first="desc"),
    Column("account", "Account", lambda row: str(row.payment.account)),
    Column("amount", "Amount", lambda row: dollars_of(row.payment.cents)),
    Column("fee", "Fee", lambda row: dollars_of(row.payment.fee_cents)),
    Column("means", "By", lambda row: row.means),
    Column("provider", "Provider", lambda row: row.payment.provider),
    Column("state", "State", lambda row: row.state),
]
TABLE: Final[Table[Payment, Row]] = Table(
    columns=COLUMNS,
    orders={
        "date": ["created_at"],
        "account": ["account__name"],
        "amount": ["cents"],
        "fee": ["fee_cents"],
        "means": ["brand", "last4"],
        "provider": ["provider"],
        "state": ["state"],
    },
    has=lambda word: any_has(
        word,
        *("account__number", "account__client_id", "account__name", "provider", "provider_id"),
        *("state", "brand", "last4", "holder", "words", "trace_number"),
    ),
    shown=lambda found: [row_of(each) for each in found],
)


def rows_for(asked: Asked) -> QuerySet[Payment]:
    """The rows that a list's filter shows. Needs a system scope."""
    states = _STATES.get(asked.show)
    return every_payment() if states is None else every_payment().filter(state__in=states)


def filters(asked: Asked) -> list[tuple[Asked, str]]:
    """The list under each of its filters, with the filter's words."""
    return [(asked.showing(show), words) for show, words in LABELS.items()]
