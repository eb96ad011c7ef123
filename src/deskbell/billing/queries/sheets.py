"""A statement as it is read: its lines, and how what was owed became what is to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import LineKind, Statement, StatementLine
from ..rules import money
from .statements import statement_before


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement with its lines; cents.

    `before` is the statement of the month before, if there was one. What was paid since is what
    is between its total due and what was owed when this one was made.
    """

    statement: Statement
    lines: Sequence[StatementLine]
    before: Statement | None

    @property
    def total_due_cents(self) -> int:
        """What was owed with this statement; below zero is a credit."""
        return self.statement.balance_before_cents + self.statement.total_cents

    @property
    def sums(self) -> list[tuple[str, str]]:
        """What leads to the total, in words and money."""
        statement, before = self.statement, self.before
        rows = []
        if before:
            owed = before.balance_before_cents + before.total_cents
            paid = statement.balance_before_cents - owed
            rows += [
                (f"Total of {before.number}", money(owed)),
                ("Payments and refunds since", money(paid)),
            ]
        elif statement.balance_before_cents:
            rows.append(("Owed before", money(statement.balance_before_cents)))
        return [*rows, ("This statement", money(statement.total_cents))]


def sheet_of(statement: Statement) -> Sheet:
    """A statement with what stands on it; two queries. Needs its account's scope or a system
    scope."""
    return Sheet(statement, list(statement.lines.all()), statement_before(statement))


def minutes_of(line: StatementLine) -> dict[str, str]:
    """The figures of a line that has minutes, in words; empty for one that has none."""
    if line.kind not in {LineKind.OVERAGE, LineKind.PUT_RIGHT}:
        return {}
    return {
        "calls": f"{line.calls:,}",
        "used": in_minutes(line.used_seconds),
        "included": in_minutes(line.included_seconds),
        "charged": in_minutes(line.charged_seconds),
        "price": money(line.unit_cents),
    }


def in_minutes(seconds: int) -> str:
    """Seconds as minutes and seconds: `1,200:30`."""
    return f"{seconds // 60:,}:{seconds % 60:02d}"
