"""Messages as a table: what the Messages page lists, all pages of it, with all that is known.

Source: seed 000, "Message Overview" for the first columns and their names; "Reports".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.messages.models import Message
from deskbell.messages.queries import Wanted, listed
from deskbell.platform.tenancy import account_scope

from .tables import Cell, Table

CHUNK = 1000
LABELS = (
    "ID",
    "Created At",
    "From",
    "Phone",
    "Message",
    "Company Name",
    "Email",
    "Number called",
    "Emergency",
    "Status",
    "Delivered at",
    "Delivered to",
    "Acknowledged at",
    "Acknowledged by",
    "Notes",
    "Answers",
)


def messages(*, account: Account, wanted: Wanted) -> Table:
    """The messages of an account that are `wanted`, newest first, times on the account's clock.

    Needs no scope: it enters the account's for every piece it reads. What is taken while it is
    read is not in it.
    """
    return Table("Messages", LABELS, _rows(account, wanted))


def _rows(account: Account, wanted: Wanted) -> Iterator[Sequence[Cell]]:
    zone = ZoneInfo(account.time_zone)
    last: int | None = None
    while True:
        with account_scope(account.pk):
            found = listed(wanted, sort="id").defer("escalation_loops")
            chunk = list((found if last is None else found.filter(pk__lt=last))[:CHUNK])
        for message in chunk:
            yield _row(message, zone)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


def _row(message: Message, zone: ZoneInfo) -> Sequence[Cell]:
    return (
        message.pk,
        _local(message.created_at, zone),
        message.caller_name,
        message.phone,
        message.content,
        message.company_name,
        message.email,
        message.phone_number,
        "Yes" if message.is_emergency else "",
        message.get_status_display(),
        _local(message.delivered_at, zone),
        message.delivered_to or "",
        _local(message.acknowledged_at, zone),
        message.acknowledged_by,
        message.note,
        _answers(message.answers),
    )


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.astimezone(zone).replace(tzinfo=None) if at else None


def _answers(answers: Mapping[str, Any]) -> str:
    return "\n".join(f"{label}: {answer}" for label, answer in answers.items())
