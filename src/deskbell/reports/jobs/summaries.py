"""Mailing people what was yesterday."""

from __future__ import annotations

from datetime import datetime

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope, system_scope

from ..mails import summaries as mails


@jobs.job("reports.send_summary", concurrency=4)
def send_summary(*, account_id: int, summary_id: int, due_at: str) -> None:
    """Mails a summary that was due at a time (ISO 8601); see `mails.summaries.send_summary`."""
    with account_scope(account_id):
        due = datetime.fromisoformat(due_at)
        mails.send_summary(summary_id=summary_id, due_at=due, at=now())


def run_due() -> None:
    """Every minute: exports and summaries that are due are queued."""
    from .. import actions  # which queue the jobs above

    with system_scope("exports and summaries of all accounts are due"):
        actions.run_due(at=now())
