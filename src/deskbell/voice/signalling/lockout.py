"""Who has given too many wrong passwords waits, so that nobody can try them all.

Counted by address, by name, and by name at the address where a phone is registered. Only answers
to challenges of our own come here, which somebody who lies about an address never sees: so nobody
can lock out somebody else's address.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal, TypeVar

log = logging.getLogger(__name__)

MOST_WRONG: Final = 5
WITHIN_SECONDS: Final = 300.0
LOCKED_SECONDS: Final = 900.0
MOST_KEPT: Final = 10_000

Kind = Literal["address", "name", "place"]
Key = tuple[Kind, str]
T = TypeVar("T")


class Lockout:
    """Counts wrong answers: the fifth within 5 minutes locks for 15. `now` gives seconds."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: OrderedDict[Key, list[float]] = OrderedDict()
        self._locked: OrderedDict[Key, float] = OrderedDict()

    def is_locked(self, kind: Kind, what: str) -> bool:
        """Whether an address or a name has to wait."""
        key = (kind, _whole(kind, what))
        until = self._locked.get(key)
        if until is None:
            return False
        if until > self._now():
            return True
        del self._locked[key]
        return False

    def wrong(self, kind: Kind, what: str) -> None:
        """Counts a wrong answer; writes to the log where it was the one too many."""
        now = self._now()
        key = (kind, _whole(kind, what))
        times = [at for at in self._wrong.pop(key, ()) if now - at < WITHIN_SECONDS]
        times.append(now)
        if len(times) < MOST_WRONG:
            _keep(self._wrong, key, times)
            return
        _keep(self._locked, key, now + LOCKED_SECONDS)
        log.warning(
            "the %s %s is locked out for %d minutes: %d wrong passwords in %d minutes",
            kind,
            key[1],
            LOCKED_SECONDS // 60,
            MOST_WRONG,
            WITHIN_SECONDS // 60,
        )

    @property
    def size(self) -> int:
        """How many addresses and names are remembered now."""
        return len(self._wrong) + len(self._locked)

    @property
    def locked(self) -> int:
        """How many of them have to wait, some of them perhaps no longer."""
        return len(self._locked)


def _keep(kept: OrderedDict[Key, T], key: Key, value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)


def _whole(kind: Kind, what: str) -> str:
    """One IPv6 customer has all the addresses of a /64: they count as one."""
    if kind != "address" or ":" not in what:
        return what
    try:
        network = ipaddress.ip_network((what.partition("%")[0], 64), strict=False)
    except ValueError:
        return what
    return str(network)
