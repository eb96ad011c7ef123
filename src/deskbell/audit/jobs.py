"""The work of the audit log that runs by the clock."""

from __future__ import annotations

import logging

from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment

from .actions import remove_old

log = logging.getLogger(__name__)


def forget() -> None:
    """Every night: entries whose time is over are removed; says how many."""
    days = environment().audit_days
    removed = remove_old(at=now(), days=days)
    if removed:
        log.info("Removed %s entries of the audit log older than %s days", removed, days)
