"""Reads of statements, and of charges and credits that wait for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from deskbell.accounts.models import Account

from ..errors import StatementNotFound
from ..models import Adjustment, Statement, StatementRun, StatementState


def statements(account: Account) -> QuerySet[Statement]:
    """An account's issued statements, the newest first. Needs its scope or a system scope."""
    return Statement.objects.filter(account=account, state=StatementState.ISSUED).order_by("-month")


def one_statement(statement_id: int) -> Statement:
    """One issued statement with its account, in the account's scope or a system scope.

    Raises StatementNotFound.
    """
    found = all_statements().filter(pk=statement_id, state=StatementState.ISSUED).first()
    if found is None:
        raise StatementNotFound
    return found


def all_statements() -> QuerySet[Statement]:
    """Every statement, held ones too, with its account, the newest first. Needs a system scope."""
    return Statement.objects.select_related("account").order_by("-month", "number")


def statement_before(statement: Statement) -> Statement | None:
    """The account's issued statement of the newest month before this one's."""
    return statements(statement.account).filter(month__lt=statement.month).first()


def adjustments_waiting(account: Account) -> QuerySet[Adjustment]:
    """Charges and credits that stand on no issued statement yet, the newest first."""
    return Adjustment.objects.filter(account=account, statement=None)


def runs() -> QuerySet[StatementRun]:
    """The months of which statements were made, the newest first."""
    return StatementRun.objects.order_by("-month")


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a month's statements: how many are issued and held, and the cents of those issued."""

    issued: int
    held: int
    cents: int


def totals_of_months() -> dict[date, Totals]:
    """What each month's statements come to; one query. Needs a system scope."""
    is_issued = Q(state=StatementState.ISSUED)
    rows = Statement.objects.order_by().values_list("month")
    counted = rows.annotate(
        issued=Count("pk", filter=is_issued),
        held=Count("pk", filter=~is_issued),
        cents=Sum("total_cents", filter=is_issued, default=0),
    )
    return {month: Totals(*counts) for month, *counts in counted}
