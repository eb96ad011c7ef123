"""Hands a parcel to its transport, and always comes back with an outcome, in time.

A provider that hangs, or a fault in a transport, must never hold a worker's thread nor lose a
delivery: both are passing failures like any other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import connections

from .rules import SEND_LIMIT
from .transport import Note, Outcome, Parcel, Transport, delivered, passing_failure

log = logging.getLogger(__name__)
K = TypeVar("K")
_TOGETHER = 0.05  # seconds for which outcomes are awaited that may be kept with the first


def hand_over(transport: Transport, parcel: Parcel, *, limit: timedelta = SEND_LIMIT) -> Outcome:
    """What the transport makes of the parcel. Never raises; takes no longer than `limit`.

    A transport that takes longer is left alone in its thread, whose result nobody reads.
    """
    return in_time(transport.kind, lambda: transport.send(parcel), limit=limit)


class Handover(Generic[K]):
    """Several parcels handed to their transports side by side, each known by a key."""

    def __init__(self, *, limit: timedelta = SEND_LIMIT) -> None:
        self._limit = limit
        self._box: SimpleQueue[tuple[K, Outcome]] = SimpleQueue()
        self._out: dict[int, K] = {}
        self._until = time.monotonic()

    def begin(self, key: K, transport: Transport, parcel: Parcel) -> None:
        """Hands a parcel over, in a thread of its own, in the scope that is entered now."""
        self.begin_work(key, transport.kind, lambda: transport.send(parcel))

    def begin_work(self, key: K, kind: str, work: Callable[[], Outcome]) -> None:
        """Begins what brings something of a transport's kind to its end; as `begin`."""
        self._out[id(key)] = key
        self._until = time.monotonic() + self._limit.total_seconds()
        context = copy_context()

        def carry() -> None:
            self._box.put((key, context.run(_guarded, kind, work)))

        threading.Thread(target=carry, name=f"transport-{kind}", daemon=True).start()

    def ends(self) -> Iterator[list[tuple[K, Outcome]]]:
        """The outcomes, those that come close together in one list; never raises.

        What has none within the limit after the last was begun is a passing failure.
        """
        while self._out:
            found = self._next()
            if not found:
                found = [(key, _no_answer(self._limit)) for key in self._out.values()]
            for key, _ in found:
                self._out.pop(id(key), None)
            yield found

    def _next(self) -> list[tuple[K, Outcome]]:
        found: list[tuple[K, Outcome]] = []
        until = self._until
        with suppress(Empty):
            while len(found) < len(self._out):
                found.append(self._box.get(timeout=max(until - time.monotonic(), 0)))
                if len(found) == 1:
                    until = min(until, time.monotonic() + _TOGETHER)
        return found


def _no_answer(limit: timedelta) -> Outcome:
    return passing_failure(f"No answer within {limit.total_seconds():g} s", may_have_arrived=True)


def hand_note(transport: Transport, note: Note, *, limit: timedelta = SEND_LIMIT) -> Outcome:
    """What the transport makes of a note; as `hand_over`."""
    return in_time(transport.kind, lambda: transport.send_note(note), limit=limit)


def call_back(
    transport: Transport, parcel: Parcel, provider_id: str, *, limit: timedelta = SEND_LIMIT
) -> None:
    """Has the transport end what is under way. Never raises; takes no longer than `limit`."""

    def recall() -> Outcome:
        transport.recall(parcel, provider_id)
        return delivered("Recalled")

    in_time(transport.kind, recall, limit=limit)


def in_time(kind: str, work: Callable[[], Outcome], *, limit: timedelta = SEND_LIMIT) -> Outcome:
    """What `work` makes of something of a transport's kind; as `hand_over`."""
    box: SimpleQueue[Outcome] = SimpleQueue()
    context = copy_context()  # with the account's scope
    threading.Thread(
        target=lambda: box.put(context.run(_guarded, kind, work)),
        name=f"transport-{kind}",
        daemon=True,
    ).start()
    try:
        return box.get(timeout=limit.total_seconds())
    except Empty:
        return _no_answer(limit)


def _guarded(kind: str, work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except Exception:  # a fault in one transport is one failed try
        log.exception("The %s transport raised", kind)
        return passing_failure("A fault of ours, which was written down", may_have_arrived=True)
    finally:
        connections.close_all()  # a transport may have read rows, on a connection of this thread's
