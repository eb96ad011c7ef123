"""Making statements: a month's for all accounts, in parts that are written whole or not at all.

What is to be made is what is not there yet, so this can be begun again after anything, by several
workers at once: an account is locked while its statement is drawn up, and looked at again then.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from deskbell.accounts.locks import lock_account
from deskbell.platform.tenancy import system_scope

from ..errors import MonthNotOver, StatementIssued, StatementNotFound
from ..models import Statement, StatementRun, StatementState
from ..queries.waiting import months_to_make, waiting, zones_over
from ..rules.months import month_of
from .stating import Made, state

BATCH: Final = 200
# A worker may have been down; what is older than these the operator has made on the page.
MONTHS_BACK: Final = 3
WHY: Final = "a month's statements of all accounts are made together"


def make_due_statements(at: datetime) -> list[StatementRun]:
    """Makes what is missing of the newest months that are over somewhere, the oldest first."""
    with system_scope(WHY):
        months = months_to_make(at)[:MONTHS_BACK]
    runs = (make_statements(month, at) for month in reversed(months))
    return [run for run in runs if run is not None]


def make_statements(month: date, at: datetime) -> StatementRun | None:
    """Makes the statements of a month for all accounts that are to have one and have none.

    `month` is any day of it. Accounts whose month has not been over for six hours are left for
    later. Gives the month's run, None where there never was anything to make. Raises MonthNotOver
    for a month that is over nowhere. Opens a system scope and transactions of its own.
    """
    month = month_of(month)
    with system_scope(WHY):
        zones = zones_over(month, at)
        if not zones:
            raise MonthNotOver(month)
        ids = [each for zone in zones for each in waiting(month, zone)]
        run = StatementRun.objects.filter(month=month).first()
        if not ids:
            return run
        run = run or StatementRun.objects.get_or_create(month=month, defaults={"began_at": at})[0]
        rows = StatementRun.objects.filter(pk=run.pk)
        rows.update(accounts=F("done") + len(ids), ended_at=None)
        for first in range(0, len(ids), BATCH):
            with transaction.atomic():
                _count(month, state(ids[first : first + BATCH], month, at))
        rows.update(accounts=F("done"), ended_at=at)
        run.refresh_from_db()
    return run


def remake(*, statement: Statement, at: datetime) -> Statement | None:
    """Draws up a held statement anew: usage, plan and adjustments as they are now.

    Gives the new one, None where there is nothing to state any more. Opens a system scope. Raises
    StatementNotFound, StatementIssued.
    """
    with system_scope("the operator makes a held statement again"), transaction.atomic():
        lock_account(statement.account_id)
        found = Statement.objects.filter(pk=statement.pk).first()
        if found is None:
            raise StatementNotFound
        if found.state != StatementState.HELD:
            raise StatementIssued(found.number)
        found.delete()
        made = state([found.account_id], found.month, at)
        _count(found.month, Made(made.done - 1, made.held - 1))
        return Statement.objects.filter(account_id=found.account_id, month=found.month).first()


def _count(month: date, made: Made) -> None:
    StatementRun.objects.filter(month=month).update(
        done=F("done") + made.done, held=F("held") + made.held
    )
