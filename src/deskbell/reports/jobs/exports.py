"""Making exports, and removing them when their time is over."""

from __future__ import annotations

import logging

from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope, system_scope

log = logging.getLogger(__name__)


@jobs.job("reports.make_export")
def make_export(*, account_id: int, export_id: int) -> None:
    """Makes the file of an export; see `actions.make`."""
    from .. import actions  # which queue this very job

    with account_scope(account_id):
        actions.make(export_id=export_id, clock=now, days=environment().export_days)


def forget() -> None:
    """Every hour: files whose time is over are removed; says how many."""
    from .. import actions

    with system_scope("files of all accounts are removed when their time is over"):
        removed = actions.remove_old(at=now())
    if removed:
        log.info("Removed %s exports whose time was over", removed)
