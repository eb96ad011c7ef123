"""Statements as pages show them, to clients and to the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse

from deskbell.billing.models import Statement, StatementLine
from deskbell.billing.printing import statement_pdf
from deskbell.billing.queries.sheets import in_minutes, minutes_of, sheet_of
from deskbell.billing.rules import dollars_of, money

from ...attendant.listing import Column, as_csv

COLUMNS: Final[list[Column[StatementLine]]] = [
    Column("words", "For", lambda row: row.words),
    Column("kind", "Kind", lambda row: row.get_kind_display()),
    Column("plan", "Plan", lambda row: row.plan_name),
    Column("first", "First day", lambda row: str(row.first_day or "")),
    Column("last", "Last day", lambda row: str(row.last_day or "")),
    Column("calls", "Calls", lambda row: str(row.calls)),
    Column("used", "Minutes used", lambda row: in_minutes(row.used_seconds)),
    Column("included", "Minutes included", lambda row: in_minutes(row.included_seconds)),
    Column("charged", "Minutes charged", lambda row: in_minutes(row.charged_seconds)),
    Column("price", "Price", lambda row: dollars_of(row.unit_cents)),
    Column(
        "amount", "Amount", lambda row: money(row.amount_cents).replace("$", "").replace(",", "")
    ),
]


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line with its money and minutes in words."""

    words: str
    amount: str
    minutes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A statement in a list; `due` is what was owed with it."""

    statement: Statement

    @property
    def total(self) -> str:
        """The sum of its lines."""
        return money(self.statement.total_cents)

    @property
    def due(self) -> str:
        """What was owed with it."""
        return money(self.statement.balance_before_cents + self.statement.total_cents)


def context_of_statement(statement: Statement) -> dict[str, Any]:
    """What the template `billing/statements/sheet.html` shows; two queries."""
    sheet = sheet_of(statement)
    return {
        "statement": statement,
        "lines": [
            LineShown(each.words, money(each.amount_cents), minutes_of(each))
            for each in sheet.lines
        ],
        "total": money(statement.total_cents),
        "sums": sheet.sums,
        "due": money(abs(sheet.total_due_cents)),
        "is_credit": sheet.total_due_cents < 0,
        "checked": money(statement.checked_cents),
    }


def as_pdf(statement: Statement) -> HttpResponse:
    """The statement on paper."""
    response = HttpResponse(statement_pdf(statement), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{_name(statement)}.pdf"'
    return response


def lines_as_csv(statement: Statement) -> HttpResponse:
    """The lines as a file for a spreadsheet."""
    return as_csv(list(statement.lines.all()), COLUMNS, _name(statement))


def _name(statement: Statement) -> str:
    """The number, without what a file's name cannot have."""
    return "".join(each if each.isalnum() else "-" for each in statement.number)
