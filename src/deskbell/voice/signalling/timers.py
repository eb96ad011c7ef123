"""SIP's times, and whatever is sent again until it is answered (RFC 3261 section 17)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from .flows import Flow

T1 = 0.5
T2 = 4.0
GIVE_UP = 64 * T1
FOREVER: Final = float("inf")


class Repeater:
    """Sends the same bytes again, at T1, 2 T1, 4 T1 … up to `cap`, until stopped or 64 T1 are over.

    On a reliable flow it only waits for the end.
    """

    __slots__ = ("_cap", "_data", "_flow", "_left", "_loop", "_on_give_up", "_timer", "_wait")

    def __init__(
        self,
        flow: Flow,
        data: bytes,
        *,
        on_give_up: Callable[[], None] | None = None,
        cap: float | None = None,
    ) -> None:
        self._flow = flow
        self._data = data
        self._on_give_up = on_give_up
        self._cap = T2 if cap is None else cap
        self._left = GIVE_UP
        self._wait = GIVE_UP if flow.reliable else min(T1, GIVE_UP)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = self._loop.call_later(self._wait, self._again)

    def _again(self) -> None:
        self._left -= self._wait
        if self._left <= 0:
            self._timer = None
            if self._on_give_up is not None:
                self._on_give_up()
            return
        self._flow.send(self._data)
        self._wait = min(self._wait * 2, self._cap, self._left)
        self._timer = self._loop.call_later(self._wait, self._again)

    def slow_down(self) -> None:
        """Goes on at T2: the peer has the request and works on it (section 17.1.2.2)."""
        if self._timer is not None and not self._flow.reliable:
            self._timer.cancel()
            self._wait = min(T2, self._left)
            self._timer = self._loop.call_later(self._wait, self._again)

    def stop(self) -> None:
        """Ends the repetition."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
