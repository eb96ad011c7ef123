"""Statements of the account that one works in, for those who manage it."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deskbell.billing.models import Statement
from deskbell.billing.queries import balance, one_statement, statements
from deskbell.billing.rules import dollars_of, money

from ...attendant.listing import Asked, Column
from ...operator.listing import Table, any_has, context_of, wants_csv
from ...tenancy import PortalRequest
from ..frame import billing_page, show
from .shown import Row, as_pdf, context_of_statement, lines_as_csv

TABLE: Final[Table[Statement, Row]] = Table(
    columns=[
        Column("month", "Month", lambda row: f"{row.statement.month:%Y-%m}", first="desc"),
        Column("number", "Number", lambda row: row.statement.number),
        Column("total", "Amount", lambda row: dollars_of(row.statement.total_cents)),
        Column("due", "Due", lambda row: str(row.statement.due_on), first="desc"),
    ],
    orders={
        "month": ["month"],
        "number": ["number"],
        "total": ["total_cents"],
        "due": ["due_on"],
    },
    has=lambda word: any_has(word, "number", "month"),
    shown=lambda found: [Row(each) for each in found],
)


@require_safe
@billing_page
def all_of_account(request: PortalRequest) -> HttpResponse:
    """The account's issued statements, the newest first, and what it owes now."""
    asked, rows = Asked.read(request.GET), statements(request.account)
    if wants_csv(request):
        return TABLE.csv(rows, asked, "statements")
    owed = balance(request.account)
    context = context_of(TABLE.page(rows, asked), rows)
    context |= {"owed": money(abs(owed)), "is_credit": owed < 0, "is_even": not owed}
    return show(request, "statements/list", context)


@require_safe
@billing_page
def one(request: PortalRequest, statement_id: int) -> HttpResponse:
    """One statement, line by line."""
    return show(request, "statements/one", context_of_statement(one_statement(statement_id)))


@require_safe
@billing_page
def pdf(request: PortalRequest, statement_id: int) -> HttpResponse:
    """The same on paper."""
    return as_pdf(one_statement(statement_id))


@require_safe
@billing_page
def csv(request: PortalRequest, statement_id: int) -> HttpResponse:
    """Its lines as a file."""
    return lines_as_csv(one_statement(statement_id))
