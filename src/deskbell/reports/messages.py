"""Messages as a table: what the Messages page lists, all pages of it, with all that is known.

Source: seed 000, "Message Overview" for the first columns and their names; "Reports".
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, Func, IntegerField, TextField
from django.db.models.functions import Cast

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.queries import numbers_written
from deskbell.foundation.days import Days, read_days
from deskbell.messages.models import Message, MessageStatus, name_of_caller
from deskbell.messages.queries import Tab, Wanted, listed
from deskbell.platform.tenancy import account_scope

from .filters import Asked, chosen, refuse_wrong, searched, written, zone_of
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
# Columns and no models: making a million of those takes longer than all the rest.
_READ: Final = (
    *("id", "created_at", "first_name", "last_name", "caller_id", "phone", "content"),
    *("company_name", "email", "phone_number", "is_emergency", "status", "delivered_at"),
    *("delivered_to", "acknowledged_at", "acknowledged_by", "note", "answers"),
)
_STATUS_WORDS: Final = dict(MessageStatus.choices)
_TIMES = {"Created At", "Delivered at", "Acknowledged at"}
TABS: Final[dict[Tab, str]] = {"new": "New", "acknowledged": "Acknowledged"}
STATUSES: Final = {
    str(MessageStatus.NEW): "Not delivered yet",
    str(MessageStatus.DELIVERED): "Delivered",
    str(MessageStatus.EXHAUSTED): "Nobody acknowledged",
}
_YES: Final = {"yes": "yes"}


@dataclass(frozen=True, slots=True)
class Meant:
    """Which messages are wanted, by which days and number; `errors` by names of fields. What is
    wrong narrows nothing."""

    wanted: Wanted
    days: Days
    number: PhoneNumber | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def meant(account: Account, asked: Asked, zone: tzinfo) -> Meant:
    """What the query of the Messages page means on the clocks of a zone; without a tab, both.

    Needs the account's scope; one query where a number is asked for, else none.
    """
    errors: dict[str, str] = {}
    days = read_days(written(asked, "from_date"), written(asked, "to_date"), errors, zone)
    number = number_asked(account, written(asked, "number"), errors)
    tab = chosen(asked, "tab", {str(name): label for name, label in TABS.items()}, errors)
    wanted = Wanted(
        tab=next((each for each in TABS if each == tab), None),
        search=searched(asked, "q", errors),
        since=days.since,
        until=days.until,
        number_ids=frozenset({number.pk} if number else ()),
        status=chosen(asked, "status", STATUSES, errors),
        is_emergency=True if chosen(asked, "emergency", _YES, errors) else None,
        has_recording=True if chosen(asked, "recording", _YES, errors) else None,
    )
    return Meant(wanted, days, number, errors)


def number_asked(account: Account, written: str, errors: dict[str, str]) -> PhoneNumber | None:
    """The account's number that was written; where it has none such, `errors` says so. One query
    at most."""
    if not written:
        return None
    found = numbers_written(account, [written]).get(written)
    if found is None:
        errors["number"] = f"“{written}” is not one of this account's numbers."
    return found


def check(account: Account, asked: Asked) -> None:
    """Raises InvalidInput, with the field, for wrong filters. Needs the account's scope."""
    refuse_wrong(meant(account, asked, zone_of(account, asked)).errors)


def table(account: Account, asked: Asked, _at: datetime) -> Table:
    """The messages that were asked for and are there now. Raises as `check`."""
    with account_scope(account.pk):
        found = meant(account, asked, zone_of(account, asked))
    refuse_wrong(found.errors)
    return messages(account=account, wanted=found.wanted)


def messages(*, account: Account, wanted: Wanted) -> Table:
    """The messages of an account that are `wanted`, newest first, times on the account's clock.

    Needs no scope: it enters the account's for every piece it reads. Which ones is settled at once,
    at eight bytes each: what is taken or acknowledged while they are read changes none of it.
    """
    with account_scope(account.pk):
        found = listed(wanted, sort="id").values_list("pk", flat=True)
        ids = array("q", found.iterator(chunk_size=10 * CHUNK))
    return Table("Messages", _labels(account), _rows(account, ids), len(ids))


def _labels(account: Account) -> list[str]:
    return [f"{label} ({account.time_zone})" if label in _TIMES else label for label in LABELS]


def _rows(account: Account, ids: Sequence[int]) -> Iterator[Sequence[Cell]]:
    zone = ZoneInfo(account.time_zone)
    for start in range(0, len(ids), CHUNK):
        with account_scope(account.pk):
            sizes = _sizes(ids[start : start + CHUNK])
        for part in _parts(sizes):
            with account_scope(account.pk):
                rows = Message.objects.filter(pk__in=part).order_by("-pk")
                found = list(rows.values_list(*_READ, named=True))
            for message in found:
                yield _row(message, zone)


def _sizes(ids: Sequence[int]) -> list[tuple[int, int]]:
    """The ids with how many bytes each message has where it may be long."""
    texts = (F("content"), F("note"), Cast("answers", TextField()))
    bytes_of = [Func(each, function="octet_length", output_field=IntegerField()) for each in texts]
    size = bytes_of[0] + bytes_of[1] + bytes_of[2]
    found = Message.objects.filter(pk__in=list(ids)).order_by("-pk")
    return list(found.annotate(size=size).values_list("pk", "size"))


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


def _row(message: Any, zone: ZoneInfo) -> Sequence[Cell]:
    return (
        message.id,
        _local(message.created_at, zone),
        name_of_caller(message),
        message.phone,
        message.content,
        message.company_name,
        message.email,
        message.phone_number,
        "Yes" if message.is_emergency else "",
        _STATUS_WORDS[message.status],
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
