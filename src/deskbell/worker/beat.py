"""Does what is due by rows, the moment it is due: steps of escalation, rings of the desk, to-dos.

For each kind of due a thread of its own looks when the next is due and sleeps until then, so that a
hundred thousand open messages, or to-dos, cost one indexed read and no jobs, and neither kind
delays the other. Every worker has all of them: they share what is due by its locks, and where one
dies the others have its work at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections, connection

from deskbell.desk import actions as desk
from deskbell.foundation.clock import now
from deskbell.oncall import actions as oncall
from deskbell.todos import actions as todos

log = logging.getLogger(__name__)
# The longest sleep: what another worker had in hand when it died is taken over after it.
LOOK = timedelta(seconds=1)
# What is due and was not moved is in somebody else's hands; the first sleep before another look.
_SHORTEST = timedelta(milliseconds=20)


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of what is due: what does it all, and what says when the next is due, if ever."""

    name: str
    run: Callable[[datetime], object]
    following: Callable[[datetime], datetime | None]


def all_dues() -> Sequence[Due]:
    """Every kind, the one that must never wait first."""
    patience = oncall.Patience()
    return (
        Due(
            "escalation",
            lambda at: oncall.run_due(at, patience=patience),
            lambda at: oncall.next_due(at, patience=patience),
        ),
        Due("desk", desk.distribute, lambda _at: desk.next_due()),
        Due("to-dos", todos.run_due, lambda _at: todos.next_due()),
    )


class Beats:
    """A beat for each kind of due; they begin, wake and end together."""

    def __init__(self) -> None:
        self._beats = [Beat(each) for each in all_dues()]

    def start(self) -> None:
        """All begin to look."""
        for each in self._beats:
            each.start()

    def wake(self) -> None:
        """Something may be due sooner than they know."""
        for each in self._beats:
            each.wake()

    def stop(self, seconds: float) -> None:
        """Ends them after the transactions they are in; waits so many seconds at most, for all."""
        for each in self._beats:
            each.end()
        deadline = now() + timedelta(seconds=seconds)
        for each in self._beats:
            each.join(max((deadline - now()).total_seconds(), 0.0))


class Beat:
    """The thread for one kind of due."""

    def __init__(self, due: Due) -> None:
        self._due = due
        self._woken = threading.Event()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"beat of {due.name}", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def wake(self) -> None:
        """Has it look at once."""
        self._woken.set()

    def end(self) -> None:
        """It looks no more."""
        self._is_over.set()
        self._woken.set()

    def join(self, seconds: float) -> None:
        """Waits so many seconds at most until it has ended."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        sleep = _SHORTEST
        while not self._is_over.is_set():
            self._woken.clear()
            sleep = self._look(sleep)
            self._woken.wait(sleep.total_seconds())
        connection.close()

    def _look(self, before: timedelta) -> timedelta:
        """Does what is due; gives how long to sleep, after a sleep of `before`."""
        close_old_connections()
        at = now()
        try:
            self._due.run(at)
            due = self._due.following(at)
        except Exception:
            log.exception("What is due of %s cannot be done now; it is tried again", self._due.name)
            connection.close()
            return LOOK
        return _sleep(due, at, before)


def _sleep(due: datetime | None, at: datetime, before: timedelta) -> timedelta:
    if due is None:
        return LOOK
    if due <= at:  # somebody else's hands: longer and longer, since nobody says when they let go
        return min(max(2 * before, _SHORTEST), LOOK)
    return min(max(due - now(), timedelta(0)), LOOK)
