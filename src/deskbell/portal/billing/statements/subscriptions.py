"""What has a mail sent about statements. The handler only queues jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from deskbell.billing.hooks import StatementEvent, statement_issued
from deskbell.foundation.clock import now
from deskbell.platform.jobs import enqueue_many

from . import jobs

# Statements of the past are filled in, as by a demo: nobody waits for word of them.
NEWS: Final = timedelta(days=1)


def on_statement_issued(events: Sequence[StatementEvent]) -> None:
    """Has the people of the accounts told, by one mail each."""
    enqueue_many(
        jobs.send_statement,
        {
            f"statement-mail-{each.statement_id}": {
                "account_id": each.account_id,
                "statement_id": each.statement_id,
            }
            for each in events
            if now() - each.at < NEWS
        },
    )


def subscribe() -> None:
    """Called once, when the portal's app is ready."""
    statement_issued.subscribe_many(on_statement_issued)
