"""Puts runs into the queue, some to a job; each kind has jobs of its own, so that a carrier of
texts that is slow delays no mail and no call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from deskbell.platform.jobs import enqueue

from .jobs import SENDING

TOGETHER: Final = 20
_LAST: Final = -1  # deliveries go first


def queue(runs: Iterable[tuple[str, int]], *, after: timedelta | None = None) -> None:
    """Queues runs, each a kind and an id, in the transaction that is open."""
    ids: dict[str, list[int]] = {}
    for kind, run_id in runs:
        ids.setdefault(kind, []).append(run_id)
    for kind, found in ids.items():
        for start in range(0, len(found), TOGETHER):
            enqueue(
                SENDING[kind],
                priority=_LAST,
                after=after,
                run_ids=found[start : start + TOGETHER],
            )
