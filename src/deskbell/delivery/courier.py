"""Hands a parcel to its transport, and always comes back with an outcome, in time.

A provider that hangs, or a fault in a transport, must never hold a worker's thread nor lose a
delivery: both are passing failures like any other.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context
from datetime import timedelta
from queue import Empty, SimpleQueue

from django.db import connections

from .rules import SEND_LIMIT
from .transport import Note, Outcome, Parcel, Transport, delivered, passing_failure

log = logging.getLogger(__name__)


def hand_over(transport: Transport, parcel: Parcel, *, limit: timedelta = SEND_LIMIT) -> Outcome:
    """What the transport makes of the parcel. Never raises; takes no longer than `limit`.

    A transport that takes longer is left alone in its thread, whose result nobody reads.
    """
    return _in_time(transport, lambda: transport.send(parcel), limit)


def hand_note(transport: Transport, note: Note, *, limit: timedelta = SEND_LIMIT) -> Outcome:
    """What the transport makes of a note; as `hand_over`."""
    return _in_time(transport, lambda: transport.send_note(note), limit)


def call_back(
    transport: Transport, parcel: Parcel, provider_id: str, *, limit: timedelta = SEND_LIMIT
) -> None:
    """Has the transport end what is under way. Never raises; takes no longer than `limit`."""

    def recall() -> Outcome:
        transport.recall(parcel, provider_id)
        return delivered("Recalled")

    _in_time(transport, recall, limit)


def _in_time(transport: Transport, work: Callable[[], Outcome], limit: timedelta) -> Outcome:
    box: SimpleQueue[Outcome] = SimpleQueue()
    context = copy_context()  # with the account's scope
    threading.Thread(
        target=lambda: box.put(context.run(_guarded, transport, work)),
        name=f"transport-{transport.kind}",
        daemon=True,
    ).start()
    try:
        return box.get(timeout=limit.total_seconds())
    except Empty:
        return passing_failure(
            f"No answer within {limit.total_seconds():g} s", may_have_arrived=True
        )


def _guarded(transport: Transport, work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except Exception:  # a fault in one transport is one failed try
        log.exception("The %s transport raised", transport.kind)
        return passing_failure("A fault of ours, which was written down", may_have_arrived=True)
    finally:
        connections.close_all()  # a transport may have read rows, on a connection of this thread's
