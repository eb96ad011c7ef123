"""Session timers: a call that nobody confirms any more ends by itself (RFC 4028).

The peer that promised to refresh the session is given its time, and where we promised it, we send
UPDATE, or INVITE to whoever knows no UPDATE.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiosipua import SipMessage

from ..messages import has_option

SESSION_SECONDS: Final = 1800
SHORTEST: Final = 90  # RFC 4028 section 5
MARGIN: Final = 32.0
MOST_LENGTHENED: Final = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What a Session-Expires header says; `refresher` is `uac`, `uas` or empty."""

    seconds: int
    refresher: str = ""


def wish_of(message: SipMessage) -> Wish | None:
    """Reads Session-Expires, also as `x`; None where there is none to be read."""
    headers = message.headers
    value = headers.get_first("session-expires") or headers.get_first("x") or ""
    found = re.match(r"\s*(\d{1,9})\s*(?:;|$)", value)
    if not found:
        return None
    refresher = re.search(r";\s*refresher\s*=\s*(uac|uas)\b", value, re.IGNORECASE)
    return Wish(int(found.group(1)), refresher.group(1).lower() if refresher else "")


def shortest_of(message: SipMessage) -> int:
    """The seconds of Min-SE, 90 where it has none."""
    value = (message.headers.get_first("min-se") or "").partition(";")[0].strip()
    found = int(value) if value.isdigit() and len(value) < 10 else 0
    return max(found, SHORTEST)


def is_too_short(request: SipMessage) -> bool:
    """Whether a request has to be refused with 422 (section 9)."""
    wish = wish_of(request)
    return wish is not None and wish.seconds < SHORTEST and has_option(request, "timer")


class SessionTimer:
    """One dialog's timer. `refresh()` is to send a refresh of ours, `expire()` to end the call."""

    __slots__ = ("_asked_again", "_end", "_expire", "_next", "_refresh", "is_ours", "seconds")

    def __init__(self, *, refresh: Callable[[], None], expire: Callable[[], None]) -> None:
        self.seconds = 0
        self.is_ours = False
        self._asked_again = 0
        self._refresh = refresh
        self._expire = expire
        self._next: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = None

    # What we ask for

    def lines(self, *, may_begin: bool = False) -> list[str]:
        """What a request of ours says: our present agreement, or in a first INVITE our wish."""
        if self.seconds:
            who = "uac" if self.is_ours else "uas"
            return [f"Session-Expires: {self.seconds};refresher={who}", f"Min-SE: {SHORTEST}"]
        return [f"Session-Expires: {SESSION_SECONDS}", f"Min-SE: {SHORTEST}"] if may_begin else []

    def agreed(self, response: SipMessage) -> None:
        """A 200 to such a request came."""
        wish = wish_of(response)
        if wish is None:
            self.stop()
        else:
            self._start(max(wish.seconds, SHORTEST), is_ours=wish.refresher != "uas")

    def lengthened(self, refusal: SipMessage) -> list[str]:
        """A 422 came: what to ask for instead; nothing where the peer is never content."""
        self._asked_again += 1
        if self._asked_again > MOST_LENGTHENED:
            return []
        self.seconds = max(self.seconds, shortest_of(refusal))
        return [f"Session-Expires: {self.seconds}", f"Min-SE: {self.seconds}"]

    # What we are asked for

    def answer(self, request: SipMessage) -> list[str]:
        """Agrees to what a request asks for; the lines of our 200.

        A peer that knows session timers and asks for none is given ours to keep: on hold its
        silence would say nothing.
        """
        wish, knows = wish_of(request), has_option(request, "timer")
        if wish is None and not knows:
            self.stop()
            return []
        if wish is None:
            wish = Wish(max(self.seconds or SESSION_SECONDS, shortest_of(request)))
        seconds = max(wish.seconds, SHORTEST)
        is_ours = not knows or wish.refresher == "uas"
        self._start(seconds, is_ours=is_ours)
        line = f"Session-Expires: {seconds};refresher={'uas' if is_ours else 'uac'}"
        return [line, "Require: timer"] if knows else [line]

    # The clock

    def _start(self, seconds: int, *, is_ours: bool) -> None:
        self.stop()
        self._asked_again = 0
        self.seconds, self.is_ours = seconds, is_ours
        loop = asyncio.get_running_loop()
        if is_ours:
            self._next = loop.call_later(seconds / 2, self._due)
        self._end = loop.call_later(seconds - min(MARGIN, seconds / 3), self._expire)

    def _due(self) -> None:
        self._next = None
        self._refresh()

    def try_later(self, after: float) -> None:
        """A refresh of ours was refused for now."""
        if self._end is not None and self._next is None:
            self._next = asyncio.get_running_loop().call_later(after, self._due)

    def stop(self) -> None:
        """Ends the watch."""
        for handle in (self._next, self._end):
            if handle is not None:
                handle.cancel()
        self._next = self._end = None
        self.seconds = 0
