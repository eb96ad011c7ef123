"""Tells the operator, by the log and by notes to the addresses of `DESKBELL_ALARMS`.

An alarm comes where something has gone wrong already, so it never makes that worse: it raises
nothing, and a storm of one kind is one note a minute that says how many there were.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from deskbell.delivery import notes

log = logging.getLogger(__name__)
QUIET_SECONDS = 60.0


@dataclass(slots=True)
class _Kind:
    """One kind of alarm: when a note last went out, and how many came since."""

    told_at: float
    untold: int = 0


@dataclass(slots=True)
class _Memory:
    kinds: dict[tuple[str, int], _Kind] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_memory = _Memory()


def alarm(title: str, text: str, *, account_id: int = 0) -> None:
    """Tells the operator that something is wrong, now.

    Writes an error to the log, and queues a note to each address of `DESKBELL_ALARMS`, in the
    transaction that is open, if one is. Of one `title` and account at most one note a minute goes
    out; the next one says how many it stands for. `account_id` is 0 where it concerns none. Never
    raises.
    """
    log.error("%s: %s", title, text)
    untold = _may_tell((title, account_id), time.monotonic())
    if untold is None:
        return
    if untold:
        text = f"{text}\n\nAnd {untold} more of these since the last note."
    for address in settings.ENVIRONMENT.alarms:
        try:
            with transaction.atomic():
                _send(address, title, text, account_id)
        except Exception:
            log.exception("%s cannot be told", address.partition("://")[0])


def _may_tell(kind: tuple[str, int], at: float) -> int | None:
    """How many alarms of a kind went untold, where one may be told now; else None."""
    with _memory.lock:
        known = _memory.kinds.get(kind)
        if known is not None and at - known.told_at < QUIET_SECONDS:
            known.untold += 1
            return None
        _memory.kinds[kind] = _Kind(at)
        return known.untold if known else 0


def _send(address: str, title: str, text: str, account_id: int) -> None:
    kind = "apprise" if "://" in address else "email"
    notes.send_note(kind=kind, address=address, title=title, text=text, account_id=account_id)
