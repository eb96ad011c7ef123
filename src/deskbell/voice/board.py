"""The calls of one gateway: those that run, those that ran lately, and how many may be out."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, Final

from .call import Call, Snapshot

log = logging.getLogger(__name__)
MOST_REMEMBERED: Final = 1000


class Board:
    """Every call is on it from its beginning to its end, with the one task that runs it."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._over: OrderedDict[str, Snapshot] = OrderedDict()
        self._out: Counter[str] = Counter()
        self._beside: set[asyncio.Task[None]] = set()
        self.begun: Counter[str] = Counter()
        self.on_over: Callable[[Call], None] = lambda _call: None

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls.values()))

    @property
    def calls(self) -> Mapping[str, Call]:
        """The calls that run, by sid."""
        return self._calls

    @property
    def out(self) -> int:
        """How many of them go out through trunks."""
        return self._out.total()

    def out_of(self, account: str) -> int:
        """How many of those count for an account and go through trunks, which cost money."""
        return self._out[account]

    def find(self, sid: str) -> Call | None:
        """The call with that sid, where it runs."""
        return self._calls.get(sid)

    def seen(self, sid: str) -> Snapshot | None:
        """What is known of the call with that sid, also where it is over since a little while."""
        call = self._calls.get(sid)
        return Snapshot.of(call) if call is not None else self._over.get(sid)

    def all_seen(self) -> list[Snapshot]:
        """Every call that runs, and those that ran lately; the newest first."""
        running = [Snapshot.of(call) for call in self._calls.values()]
        return [*reversed(running), *reversed(self._over.values())]

    def run(self, call: Call, work: Coroutine[Any, Any, None]) -> None:
        """Puts the call on the board and runs `work`, at whose end the call is over."""
        self._calls[call.sid] = call
        self.begun[call.direction] += 1
        if call.is_metered:
            self._out[call.payer] += 1
        task = asyncio.create_task(work, name=call.sid)
        self._tasks[call.sid] = task
        task.add_done_callback(lambda done: self._on_over(call, done))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs something beside a call, which ends with the gateway at the latest."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._beside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a task beside a call failed", exc_info=task.exception())

    def _on_over(self, call: Call, task: asyncio.Task[None]) -> None:
        del self._tasks[call.sid], self._calls[call.sid]
        if call.is_metered:
            self._out[call.payer] -= 1
            if not self._out[call.payer]:
                del self._out[call.payer]
        self._over[call.sid] = Snapshot.of(call)
        self.on_over(call)
        if len(self._over) > MOST_REMEMBERED:
            self._over.popitem(last=False)
        if not task.cancelled() and task.exception() is not None:
            log.error("%s could not be ended cleanly", call.sid, exc_info=task.exception())

    async def empty(self, *, within: float) -> bool:
        """Waits until every call is over, at most `within` seconds; whether it is so."""
        end = asyncio.get_running_loop().time() + within
        while self._tasks:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await asyncio.wait(
                set(self._tasks.values()), timeout=left, return_when=asyncio.FIRST_COMPLETED
            )
        return True

    async def until_over(self, sid: str) -> None:
        """Waits until the call with that sid is over."""
        task = self._tasks.get(sid)
        if task is not None:
            await asyncio.wait({task})

    async def close(self) -> None:
        """Cancels what still runs."""
        tasks = (*self._tasks.values(), *self._beside)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
