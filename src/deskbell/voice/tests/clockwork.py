"""A loop whose clock jumps to the next timer instead of waiting: half a minute passes at once."""

from __future__ import annotations

import asyncio
import selectors
import socket
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")
STUCK_SECONDS: Final = 10.0


class _Selector(selectors.DefaultSelector):
    """Looks what has arrived; where nothing has, time is what passes."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0) or super().select(0.001)
        if found or timeout == 0:
            return found
        if timeout is None:
            found = super().select(STUCK_SECONDS)
            if not found:
                raise AssertionError("nothing will ever happen any more")
            return found
        self.now += max(timeout, 0.000001)
        return []


class Clockwork(asyncio.SelectorEventLoop):
    """The loop; sockets are real, timers are not waited for."""

    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now

    async def getaddrinfo(self, host: Any, port: Any, **_options: Any) -> list[Any]:
        """Knows one name; a look-up in a thread would be overtaken by the clock."""
        if host != "localhost":
            raise OSError(f"{host} is not known")
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("127.0.0.1", port))]


def play(scene: Coroutine[Any, Any, T]) -> T:
    """Runs `scene` by this clock."""
    with asyncio.Runner(loop_factory=Clockwork) as runner:
        return runner.run(scene)
