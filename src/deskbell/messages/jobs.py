"""The work of messages that runs by the clock."""

from __future__ import annotations

import logging

from deskbell.foundation.clock import now

from .actions import fold_tallies
from .removing import remove_old

log = logging.getLogger(__name__)


def forget() -> None:
    """Every night: messages whose time is over are deleted; says how many."""
    for removed in remove_old(now()):
        log.info(
            "%s: deleted %s messages older than %s days, %s of them never acknowledged",
            removed.account,
            removed.messages,
            removed.account.message_days,
            removed.unacknowledged,
        )


def fold() -> None:
    """Every minute: what tabs count is added up."""
    fold_tallies()
