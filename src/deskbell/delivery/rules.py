"""When a delivery is tried again: pure decisions, without Django.

Source: design, on call, "Escalation": retried with growing waits within its attempt; picked up
again within 30 s where a worker died.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

# A transport has SEND_LIMIT for one try, so a claim older than STALE_CLAIM is a dead worker's.
SEND_LIMIT = timedelta(seconds=15)
STALE_CLAIM = timedelta(seconds=20)
OVERDUE = timedelta(seconds=30)
RETRY_LIMIT = timedelta(hours=1)
_WAITS: Sequence[int] = (5, 15, 45, 120, 300, 600, 900)


def next_try(
    *, created_at: datetime, tries: int, at: datetime, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try again after the passing failure of try number `tries` (from 1), known `at`.

    Waits grow from 5 s to 15 min, and are as long as the other side asked for where that is
    longer, but the last try comes an hour after the delivery was made at the latest. None where
    our own wait would already lead beyond that.
    """
    wait = timedelta(seconds=_WAITS[min(tries, len(_WAITS)) - 1])
    left = created_at + RETRY_LIMIT - at
    if wait > left:
        return None
    return at + min(max(wait, retry_after or wait), left)
