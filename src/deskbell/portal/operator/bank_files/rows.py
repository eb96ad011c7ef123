"""Files for the bank, and what came back, as lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.timezone import localtime

from deskbell.billing.models import BankFile, BankReturn, Payment
from deskbell.billing.queries import payments_of_traces
from deskbell.billing.rules import money

from ...attendant.listing import Column
from ..listing import Table, any_has


@dataclass(frozen=True, slots=True)
class CameBack:
    """One entry that came back, and the payment that it was."""

    row: BankReturn
    payment: Payment | None

    @property
    def amount(self) -> str:
        """As people read it."""
        return money(self.row.cents)

    @property
    def account(self) -> str:
        """Whose payment it was."""
        return str(self.payment.account) if self.payment else ""


@dataclass(frozen=True, slots=True)
class Made:
    """One file, its sum in words."""

    file: BankFile

    @property
    def amount(self) -> str:
        """As people read it."""
        return money(self.file.total_cents)


def _came_back(rows: Sequence[BankReturn]) -> Sequence[CameBack]:
    payments = payments_of_traces(row.trace_number for row in rows)
    return [CameBack(row, payments.get(row.trace_number)) for row in rows]


FILES: Final[Table[BankFile, Made]] = Table(
    columns=[
        Column("number", "Number", lambda each: str(each.file.number), first="desc"),
        Column("made", "Made", lambda each: f"{localtime(each.file.created_at):%Y-%m-%d %H:%M}"),
        Column("collects", "Collects on", lambda each: each.file.effective_on.isoformat()),
        Column("entries", "Debits", lambda each: str(each.file.entries)),
        Column("sum", "Sum", lambda each: each.amount),
        Column("hash", "Entry hash", lambda each: each.file.entry_hash),
        Column("by", "Made by", lambda each: each.file.created_by),
    ],
    orders={
        "number": ["number"],
        "made": ["created_at"],
        "collects": ["effective_on"],
        "entries": ["entries"],
        "sum": ["total_cents"],
        "hash": ["entry_hash"],
        "by": ["created_by"],
    },
    has=lambda word: any_has(word, "name", "entry_hash", "created_by"),
    shown=lambda rows: [Made(row) for row in rows],
)
RETURNS: Final[Table[BankReturn, CameBack]] = Table(
    columns=[
        Column(
            "read",
            "Read",
            lambda each: f"{localtime(each.row.read_at):%Y-%m-%d %H:%M}",
            first="desc",
        ),
        Column("code", "Reason", lambda each: each.row.words),
        Column("sum", "Sum", lambda each: each.amount),
        Column("account", "Account", lambda each: each.account),
        Column("trace", "Trace number", lambda each: each.row.trace_number),
    ],
    orders={
        "read": ["read_at"],
        "code": ["code"],
        "sum": ["cents"],
        "account": ["is_known", "trace_number"],
        "trace": ["trace_number"],
    },
    has=lambda word: any_has(word, "words", "trace_number"),
    shown=_came_back,
)
