"""The work of recordings that nobody waits for."""

from __future__ import annotations

import logging

from deskbell.foundation.clock import now

from .removing import remove_old

log = logging.getLogger(__name__)


def forget() -> None:
    """Every night: recordings whose time is over lose their audio; says how many."""
    for removed in remove_old(now()):
        log.info(
            "%s: deleted the audio of %s recordings older than %s days",
            removed.account,
            removed.recordings,
            removed.account.recording_days,
        )
