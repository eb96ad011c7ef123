"""Statements by the clock, and when the operator asks for a month."""

from __future__ import annotations

import logging
from datetime import date

from deskbell.foundation.clock import now
from deskbell.platform import jobs

from .. import actions
from ..models import StatementRun

log = logging.getLogger(__name__)


def make_due_statements() -> None:
    """Every hour: makes the statements of months that are over; says how many are held."""
    for run in actions.make_due_statements(now()):
        _say(run)


@jobs.job("billing.make_statements", concurrency=1)
def make_statements(month: str) -> None:
    """Makes what is missing of a month (its first day, ISO 8601)."""
    run = actions.make_statements(date.fromisoformat(month), now())
    if run is not None:
        _say(run)


def _say(run: StatementRun) -> None:
    if run.held:
        log.warning("%s: %s of %s are held", run, run.held, run.done)
