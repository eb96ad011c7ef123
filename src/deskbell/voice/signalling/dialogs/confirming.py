"""Our 200 to an INVITE, repeated until its ACK (RFC 3261 section 13.3.1.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..timers import Repeater
from ..transactions import ServerTransaction


class Confirmation:
    """The ACK that a dialog waits for, or has."""

    __slots__ = ("_came", "_repeater", "is_due")

    def __init__(self) -> None:
        self.is_due = False
        self._repeater: Repeater | None = None
        self._came: asyncio.Event | None = None

    def expect(
        self, transaction: ServerTransaction, data: bytes, *, on_give_up: Callable[[], None]
    ) -> None:
        """Sends the 200 `data`, again and again."""
        self.stop()
        self.is_due = True
        if self._came is not None:
            self._came.clear()
        self._repeater = Repeater(transaction.flow, data, on_give_up=on_give_up)
        transaction.respond(200, data)

    def came(self) -> None:
        """The ACK is there, or will never be."""
        self.stop()
        self.is_due = False
        if self._came is not None:
            self._came.set()

    def stop(self) -> None:
        """Repeats no more."""
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None

    async def wait(self, within: float) -> bool:
        """Waits for the ACK, at most `within` seconds; whether it came."""
        if not self.is_due:
            return True
        if self._came is None:
            self._came = asyncio.Event()
        try:
            async with asyncio.timeout(within):
                await self._came.wait()
        except TimeoutError:
            return False
        return True
