"""Messages as a table: what the Messages page lists, all pages of it, with all that is known.

Source: seed 000, "Message Overview" for the first columns and their names; "Reports".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Func, IntegerField, QuerySet, TextField
from django.db.models.functions import Cast

from deskbell.accounts.models import Account
from deskbell.messages.models import Message
from deskbell.messages.queries import Wanted, listed
from deskbell.platform.tenancy import account_scope

from .tables import Cell, Table

CHUNK = 1000
# What is read at once: a message may have a megabyte, and several exports run side by side.
_MOST_BYTES = 4 * 1024 * 1024
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
_TIMES = {"Created At", "Delivered at", "Acknowledged at"}


def messages(*, account: Account, wanted: Wanted) -> Table:
    """The messages of an account that are `wanted`, newest first, times on the account's clock.

    Needs no scope: it enters the account's for every piece it reads. What is taken while it is
    read is not in it.
    """
    return Table("Messages", _labels(account), _rows(account, wanted))


def _labels(account: Account) -> list[str]:
    return [f"{label} ({account.time_zone})" if label in _TIMES else label for label in LABELS]


def _rows(account: Account, wanted: Wanted) -> Iterator[Sequence[Cell]]:
    zone = ZoneInfo(account.time_zone)
    last: int | None = None
    while True:
        with account_scope(account.pk):
            found = listed(wanted, sort="id")
            sizes = _sizes(found if last is None else found.filter(pk__lt=last))
        for ids in _parts(sizes):
            with account_scope(account.pk):
                rows = Message.objects.filter(pk__in=ids).defer("escalation_loops")
                part = list(rows.order_by("-pk"))
            for message in part:
                yield _row(message, zone)
        if len(sizes) < CHUNK:
            return
        last = sizes[-1][0]


def _sizes(found: QuerySet[Message]) -> list[tuple[int, int]]:
    """The ids of the first messages with how many bytes each has where it may be long."""
    texts = (F("content"), F("note"), Cast("answers", TextField()))
    bytes_of = [Func(each, function="octet_length", output_field=IntegerField()) for each in texts]
    size = bytes_of[0] + bytes_of[1] + bytes_of[2]
    return list(found.annotate(size=size).values_list("pk", "size")[:CHUNK])


def _parts(sizes: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """The ids, in parts that are not too long together; one that is too long is a part alone."""
    part: list[int] = []
    room = _MOST_BYTES
    for pk, size in sizes:
        if part and size > room:
            yield part
            part, room = [], _MOST_BYTES
        part.append(pk)
        room -= size
    if part:
        yield part


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
