"""What has happened to a call and nobody has looked at yet."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from .events import Event, Key

MOST_WAITING: Final = 100  # keys beyond these are a machine's


class Inbox:
    """Events in the order of their coming, for the one who acts for the call at the time."""

    __slots__ = ("_arrived", "_events")

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._arrived = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._events)

    @property
    def is_full(self) -> bool:
        """Whether another key would be one too many."""
        return len(self._events) >= MOST_WAITING

    def put(self, event: Event) -> None:
        """Adds an event and wakes who waits."""
        self._events.append(event)
        self._arrived.set()

    def take(self) -> Event:
        """The oldest event. Raises IndexError where there is none."""
        return self._events.popleft()

    def wake(self) -> None:
        """Has whoever waits look about."""
        self._arrived.set()

    async def arrival(self, seconds: float | None) -> bool:
        """Waits for the next event or `wake`, at most `seconds`; whether one came."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        return True

    def forget_keys(self) -> None:
        """Drops the keys that nobody has asked for yet."""
        self._events = deque(event for event in self._events if not isinstance(event, Key))
