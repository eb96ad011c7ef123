"""Does what is due by the rows: escalation steps, the moment they are due.

A thread of its own looks when the next step is due and sleeps until then, so that a hundred
thousand open messages cost one indexed read and no jobs. Every worker has one: they share what is
due by its locks, and where one dies the others have its steps at once.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections, connection

from deskbell.foundation.clock import now
from deskbell.oncall.actions import Patience, next_due, run_due

log = logging.getLogger(__name__)
# The longest sleep: what another worker had in hand when it died is taken over after it.
LOOK = timedelta(seconds=1)
# What is due and was not moved is in somebody else's hands; the first sleep before another look.
_SHORTEST = timedelta(milliseconds=20)


class Beat:
    """The thread; `wake` has it look at once."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._is_over = threading.Event()
        self._patience = Patience()
        self._thread = threading.Thread(target=self._run, name="beat", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def wake(self) -> None:
        """Something may be due sooner than the thread knows."""
        self._woken.set()

    def stop(self, seconds: float) -> None:
        """Ends it after the transaction it is in; waits for that so many seconds at most."""
        self._is_over.set()
        self._woken.set()
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
            run_due(at, patience=self._patience)
            due = next_due(at, patience=self._patience)
        except Exception:
            log.exception("What is due cannot be done now; it is tried again")
            connection.close()
            return LOOK
        return _sleep(due, at, before)


def _sleep(due: datetime | None, at: datetime, before: timedelta) -> timedelta:
    if due is None:
        return LOOK
    if due <= at:  # somebody else's hands: longer and longer, since nobody says when they let go
        return min(max(2 * before, _SHORTEST), LOOK)
    return min(max(due - now(), timedelta(0)), LOOK)
