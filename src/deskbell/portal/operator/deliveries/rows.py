"""Deliveries that failed for good, as the operator's list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from deskbell.delivery.models import UNFINISHED, Delivery, DeliveryState
from deskbell.delivery.registry import transports
from deskbell.messages.models import MessageStatus

from ...attendant.listing import Asked, Column
from ..listing import Table, any_has

DAYS: Final = 30
ALL: Final = "all"
LABELS: Final = {"": "Still needed", ALL: f"All of {DAYS} days"}


@dataclass(frozen=True, slots=True)
class Line:
    """A delivery that failed; `way` and `address` as people read them."""

    delivery: Delivery
    way: str
    address: str
    failed_at: datetime

    @property
    def why(self) -> str:
        """What came back, in words."""
        return self.delivery.answer or "Nobody said why"


def failed(at: datetime) -> QuerySet[Delivery]:
    """What failed for good within thirty days before `at`; needs a system scope."""
    since = at - timedelta(days=DAYS)
    rows = Delivery.objects.filter(state=DeliveryState.FAILED, finished_at__gte=since)
    return rows.select_related("account", "message", "method")


def needed(at: datetime) -> QuerySet[Delivery]:
    """Of those, what nobody has received since: its message is open, and it was not sent again."""
    later = Delivery.objects.filter(
        message=OuterRef("message"),
        method=OuterRef("method"),
        pk__gt=OuterRef("pk"),
        state__in=(*UNFINISHED, DeliveryState.DELIVERED),
    )
    open_ones = failed(at).exclude(message__status=MessageStatus.ACKNOWLEDGED)
    return open_ones.filter(~Exists(later))


def rows_for(asked: Asked, at: datetime) -> QuerySet[Delivery]:
    """The rows that a list's filter shows."""
    return failed(at) if asked.show == ALL else needed(at)


def filters(asked: Asked) -> list[tuple[Asked, str]]:
    """The filters with their words."""
    return [(asked.showing(show), label) for show, label in LABELS.items()]


def _has(word: str) -> Q:
    found = any_has(word, "contact_name", "address", "answer", "account__name", "account__number")
    return found | Q(
        kind__in=[each.kind for each in transports().values() if _is(word, each.label)]
    )


def _is(word: str, label: str) -> bool:
    return word.casefold() in label.casefold()


def _shown(deliveries: Sequence[Delivery]) -> list[Line]:
    known = transports()
    lines = []
    for each in deliveries:
        transport = known.get(each.kind)
        address = transport.shown(each.address) if transport else each.address
        way = transport.label if transport else each.kind
        lines.append(Line(each, way, address, each.finished_at or each.created_at))
    return lines


TABLE: Final[Table[Delivery, Line]] = Table(
    columns=[
        Column(
            "failed",
            "Failed",
            lambda row: f"{localtime(row.failed_at):%Y-%m-%d %H:%M:%S %z}",
            first="desc",
        ),
        Column("account", "Account", lambda row: row.delivery.account.name),
        Column("message", "Message", lambda row: str(row.delivery.message_id), first="desc"),
        Column("to", "To", lambda row: row.delivery.contact_name),
        Column("way", "By", lambda row: f"{row.way}: {row.address}"),
        Column("why", "Why", lambda row: row.why),
    ],
    orders={
        "failed": ["finished_at"],
        "account": ["account__name"],
        "message": ["message_id"],
        "to": ["contact_name"],
        "way": ["kind", "address"],
        "why": ["answer"],
    },
    has=_has,
    shown=_shown,
)
