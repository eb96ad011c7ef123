"""Slows down whoever tries tokens.

Twenty wrong tokens from one address within a minute, and no more are looked at until the minute is
over. The count is the database's, so it is one for all web processes; that an address is shut out
is remembered here, so that guesses cost next to nothing then. A token that was right before works
on: others behind the same address are not to suffer from a neighbour's old script.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import OrderedDict
from datetime import datetime
from typing import Any, Final

from deskbell.accounts.actions import count_wrong_token, network_of
from deskbell.accounts.actions.tokens import MINUTE
from deskbell.accounts.errors import TooOften
from deskbell.accounts.tokens import hash_of

log = logging.getLogger(__name__)
MOST_WRONG: Final = 20
_REMEMBERED: Final = 10_000


class Guesses:
    """What one web process knows of addresses that are shut out, and of tokens that were right."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut: OrderedDict[str, datetime] = OrderedDict()
        self._right: OrderedDict[str, None] = OrderedDict()

    def check(self, address: str, token: str, at: datetime) -> None:
        """Raises TooOften while the address is shut out, unless the token was right before."""
        if not self._shut:
            return
        until = self._shut.get(network_of(address))
        if until is not None and until > at and hash_of(token) not in self._right:
            raise _too_often(until, at)

    def right(self, token: str) -> None:
        """Remembers a token by its hash."""
        self._remember(self._right, hash_of(token), None)

    def wrong(self, address: str, at: datetime) -> None:
        """Counts a wrong token and writes a line to the log, in which the token does not stand.

        Raises TooOften for the first one too many.
        """
        count, began_at = count_wrong_token(address=address, at=at)
        if count <= MOST_WRONG:
            log.warning("API v2: a wrong token from %s, number %d in a minute", address, count)
            return
        until = began_at + MINUTE
        self._remember(self._shut, network_of(address), until)
        log.warning("API v2: too many wrong tokens from %s: shut out until %s", address, until)
        raise _too_often(until, at)

    def forget(self) -> None:
        """Knows nothing, as after a start."""
        with self._lock:
            self._shut.clear()
            self._right.clear()

    def _remember(self, known: OrderedDict[str, Any], key: str, value: Any) -> None:
        with self._lock:
            known[key] = value
            known.move_to_end(key)
            if len(known) > _REMEMBERED:
                known.popitem(last=False)


def _too_often(until: datetime, at: datetime) -> TooOften:
    seconds = max(1, math.ceil((until - at).total_seconds()))
    return TooOften("Too many wrong tokens came from this address", seconds=seconds)


GUESSES: Final = Guesses()
