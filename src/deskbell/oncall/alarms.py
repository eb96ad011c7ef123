"""Tells the operator, by the log and by notes to the addresses of `DESKBELL_ALARMS`.

An alarm comes where something has gone wrong already, so it never makes that worse: it raises
nothing, and a storm of one kind is one note a minute that says how many there were. What comes
within the minute is told at its end: it may be the last of its kind, and must not be lost.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from deskbell.delivery import notes
from deskbell.foundation.clock import now

from .models import Alarm

log = logging.getLogger(__name__)
QUIET_SECONDS = 60.0
KEPT = timedelta(days=90)


@dataclass(slots=True)
class _Kind:
    """One kind of alarm: when its last note went out, or will, and how many are in none."""

    told_at: float
    untold: int = 0


@dataclass(slots=True)
class _Memory:
    kinds: dict[tuple[str, int], _Kind] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_memory = _Memory()


def alarm(title: str, text: str, *, account_id: int = 0) -> None:
    """Tells the operator that something is wrong, now.

    Writes an error to the log and a row for the operator's page, and queues a note to each address
    of `DESKBELL_ALARMS`, in the transaction that is open, if one is. Of one `title` and account at
    most one note a minute goes out: the second waits for the end of that minute, and the next one
    says how many came after it. `account_id` is 0 where it concerns none. Never raises.
    """
    log.error("%s: %s", title, text)
    turn = _turn((title, account_id), time.monotonic())
    if turn is None:
        return
    wait, untold = turn
    if untold:
        text = f"{text}\n\nAnd {untold} more of these since the last note."
    if wait:
        text = f"{text}\n\nMore of these may have come since: the log has them all."
    _try("The operator's page", lambda: _keep(title, text, account_id))
    for address in settings.ENVIRONMENT.alarms:
        _try(
            address.partition("://")[0],
            partial(_send, address, title, text, account_id, timedelta(seconds=wait)),
        )


def _try(who: str, tell: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            tell()
    except Exception:
        log.exception("%s cannot be told", who)


def _keep(title: str, text: str, account_id: int) -> None:
    Alarm.objects.create(
        at=now(), title=title[:200], text=text[:2000], account_id=account_id or None
    )


def forget_alarms(at: datetime) -> int:
    """Removes what the operator was told of more than ninety days ago; gives how many."""
    removed, _ = Alarm.objects.filter(at__lt=at - KEPT).delete()
    return removed


def _turn(kind: tuple[str, int], at: float) -> tuple[float, int] | None:
    """In how many seconds an alarm of a kind is told, and how many are in no note yet; None where a
    note of its kind waits already."""
    with _memory.lock:
        known = _memory.kinds.setdefault(kind, _Kind(at - QUIET_SECONDS))
        if at < known.told_at:
            known.untold += 1
            return None
        untold, known.untold = known.untold, 0
        known.told_at = max(at, known.told_at + QUIET_SECONDS)
        return known.told_at - at, untold


def _send(address: str, title: str, text: str, account_id: int, after: timedelta) -> None:
    notes.send_note(
        kind="apprise" if "://" in address else "email",
        address=address,
        title=title,
        text=text,
        account_id=account_id,
        after=after,
    )
