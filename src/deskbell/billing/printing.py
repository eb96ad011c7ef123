"""A statement on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from deskbell.foundation.dates import date_words
from deskbell.foundation.environment import environment
from deskbell.paper import pdf

from .models import Statement
from .queries.sheets import minutes_of, sheet_of
from .rules import money

PAPER: Final = Path(__file__).with_name("statement.typ")


def statement_pdf(statement: Statement) -> bytes:
    """A statement as a PDF; the same statement gives the same bytes while the operator's letterhead
    stays. Scope as `sheet_of`. `statement` was read with its account."""
    sheet, account, billing = sheet_of(statement), statement.account, environment().billing
    is_credit = sheet.total_due_cents < 0
    return pdf(
        PAPER,
        {
            "title": f"Statement {statement.number}",
            "from_name": billing.name or "Deskbell",
            "from_lines": [*billing.address, billing.phone],
            "to_name": account.company_name or account.name,
            "facts": [
                ["Account", f"{account.name} ({account.number})"],
                ["Client", account.client_id],
                ["Month", f"{statement.month:%B %Y}"],
                ["Issued", _day(statement)],
                ["Due", date_words(statement.due_on)],
            ],
            "lines": [
                {"words": each.words, "amount": money(each.amount_cents), **minutes_of(each)}
                for each in sheet.lines
            ],
            "total": money(statement.total_cents),
            "sums": sheet.sums,
            "due": ["Credit" if is_credit else "Total due", money(abs(sheet.total_due_cents))],
            "pay": "" if is_credit else f"Pay under Billing at {environment().public_url}.",
            "wire": [] if is_credit else list(billing.wire),
            "country": account.country,
        },
    )


def _day(statement: Statement) -> str:
    return date_words(statement.issued_at.date()) if statement.issued_at else "Held: not issued"
