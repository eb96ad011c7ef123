"""Hands a parcel to its transport, and always comes back with an outcome, in time.

A provider that hangs, or a fault in a transport, must never hold a worker's thread nor lose a
delivery: both are passing failures like any other.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from queue import Empty, SimpleQueue

from .rules import SEND_LIMIT
from .transport import Outcome, Parcel, Transport, passing_failure

log = logging.getLogger(__name__)


def hand_over(transport: Transport, parcel: Parcel, *, limit: timedelta = SEND_LIMIT) -> Outcome:
    """What the transport makes of the parcel. Never raises; takes no longer than `limit`.

    A transport that takes longer is left alone in its thread, whose result nobody reads.
    """
    box: SimpleQueue[Outcome] = SimpleQueue()
    threading.Thread(
        target=lambda: box.put(_send(transport, parcel)),
        name=f"send-{parcel.idempotency_key}",
        daemon=True,
    ).start()
    try:
        return box.get(timeout=limit.total_seconds())
    except Empty:
        return passing_failure(
            f"No answer within {limit.total_seconds():g} s", may_have_arrived=True
        )


def _send(transport: Transport, parcel: Parcel) -> Outcome:
    try:
        return transport.send(parcel)
    except Exception:  # a fault in one transport is one failed try
        log.exception("The %s transport raised", transport.kind)
        return passing_failure("A fault of ours, which was written down", may_have_arrived=True)
