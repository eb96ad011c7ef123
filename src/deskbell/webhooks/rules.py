"""When a notice is tried again, when a receiver is left alone, and when it is paused.

Pure decisions, without Django. A receiver's own mistakes are mended in hours, so whatever is not
2xx is tried again for a day; one that gives no answer at all costs a thread for seconds each time,
so it is asked ever more rarely, with one notice at a time, until it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

TRIED_FOR = timedelta(hours=24)
PAUSED_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)
# What is due a little late, as after a worker's death, has its last try all the same.
GRACE = timedelta(minutes=5)
# One request has ten seconds, and a turn at a subscription ends at the first that is slow.
ANSWER_LIMIT = timedelta(seconds=10)
TURN = timedelta(seconds=5)
# A turn and its last requests are over by then, or their worker is dead.
LEASE = timedelta(seconds=30)
SLOW = timedelta(seconds=2)
SIDE_BY_SIDE = 8
# When what somebody waits for is due: before all that waits.
FIRST = datetime(2000, 1, 1, tzinfo=UTC)

_WAITS: Sequence[timedelta] = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
_FIRST_SILENCE, _LONGEST_SILENCE = timedelta(seconds=5), timedelta(minutes=10)
_MOST_DOUBLINGS = 10


def next_try(
    *, tries: int, at: datetime, give_up_at: datetime, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try again after try number `tries` (from 1) failed `at`.

    Waits grow from 10 s to 4 h, and are as long as the receiver asked for where that is longer; the
    last try is made at `give_up_at`. None after that.
    """
    if at >= give_up_at:
        return None
    wait = _WAITS[min(tries, len(_WAITS)) - 1]
    return min(at + max(wait, retry_after or wait), give_up_at)


def silence_after(silences: int) -> timedelta:
    """How long a receiver is left alone that gave no answer so many times in a row (from 1)."""
    doublings = min(silences - 1, _MOST_DOUBLINGS)
    return min(_FIRST_SILENCE * (1 << doublings), _LONGEST_SILENCE)


def is_given_up_on(failing_since: datetime | None, at: datetime) -> bool:
    """Whether a subscription has seen nothing but failures for too long, and is paused."""
    return failing_since is not None and at - failing_since >= PAUSED_AFTER


def is_success(status: int | None) -> bool:
    """Whether the receiver took the notice: 2xx, nothing else."""
    return status is not None and 200 <= status < 300
