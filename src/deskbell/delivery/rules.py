"""When a delivery is tried again, and what comes together: pure decisions, without Django.

Source: design, on call, "Escalation": retried with growing waits within its attempt; picked up
again within 30 s where a worker died; after N in a span messages are bundled, never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

# A transport has SEND_LIMIT for one try, so a claim older than STALE_CLAIM is a dead worker's.
SEND_LIMIT = timedelta(seconds=15)
STALE_CLAIM = timedelta(seconds=20)
OVERDUE = timedelta(seconds=30)
RETRY_LIMIT = timedelta(hours=1)
# What is under way and does not say how long it may take.
UNDER_WAY_LIMIT = timedelta(minutes=3)
# How long what a receptionist is to call about may wait for one, and again once one has taken it.
TASK_LIMIT = timedelta(minutes=10)
_WAITS: Sequence[int] = (5, 15, 45, 120, 300, 600, 900)

STORM_SPAN = timedelta(minutes=10)
BUNDLE_EVERY = timedelta(minutes=2)
# A bundle leaves this long after its slot, when all that belong to it are committed.
_GRACE = timedelta(seconds=3)
_ROOMS = UUID("6f0f5b8e-5c59-4c5c-9d0c-0d1a3f0e7b52")


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


def room(method_id: int, at: datetime) -> tuple[UUID, datetime]:
    """Where what must wait for a method in a storm comes together, and when it leaves.

    Each method has slots of two minutes, shifted against other methods' so that not all leave at
    once. All that fall into one slot get the same room, whoever asks, so that no lock is needed.
    """
    every = BUNDLE_EVERY.total_seconds()
    shift = method_id % every
    slot = int((at.timestamp() - shift) // every)
    ends = at + timedelta(seconds=(slot + 1) * every + shift - at.timestamp())
    return uuid5(_ROOMS, f"{method_id}:{slot}"), ends + _GRACE
