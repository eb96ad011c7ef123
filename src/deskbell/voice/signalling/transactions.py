"""Transactions: the same request twice is one request, and an answer that is lost is sent again.

Ours and not aiosipua's, whose server side takes a repeated INVITE for a new call and does not
repeat its answers. Source: RFC 3261 section 17, RFC 6026.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from .flows import Flow

T1: Final = 0.5
T2: Final = 4.0
GIVE_UP: Final = 64 * T1

Key = tuple[str, str, int, str]


class Repeater:
    """Sends the same bytes again, at T1, 2 T1, 4 T1 … up to T2, until stopped or 64 T1 are over."""

    __slots__ = ("_data", "_flow", "_left", "_loop", "_on_give_up", "_timer", "_wait")

    def __init__(
        self, flow: Flow, data: bytes, *, on_give_up: Callable[[], None] | None = None
    ) -> None:
        self._flow = flow
        self._data = data
        self._on_give_up = on_give_up
        self._wait = T1
        self._left = GIVE_UP
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = self._loop.call_later(T1, self._again)

    def _again(self) -> None:
        self._left -= self._wait
        if self._left <= 0:
            self._timer = None
            if self._on_give_up is not None:
                self._on_give_up()
            return
        if not self._flow.reliable:
            self._flow.send(self._data)
        self._wait = min(self._wait * 2, T2, self._left)
        self._timer = self._loop.call_later(self._wait, self._again)

    def stop(self) -> None:
        """Ends the repetition."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class ServerTransaction:
    """One request of a peer's and what we last answered."""

    __slots__ = ("_repeater", "_response", "final", "flow", "key", "owner")

    def __init__(self, key: Key, flow: Flow) -> None:
        self.key = key
        self.flow = flow
        self.final = 0
        self.owner: object = None
        self._response = b""
        self._repeater: Repeater | None = None

    def respond(self, code: int, data: bytes) -> None:
        """Sends an answer; a refusal of an INVITE is repeated until its ACK."""
        self._response = data
        self.flow.send(data)
        if code >= 200:
            self.final = code
        if code >= 300 and self.key[3] == "INVITE" and not self.flow.reliable:
            self._repeater = Repeater(self.flow, data)

    def again(self) -> None:
        """The request came once more: so goes the answer."""
        if self._response:
            self.flow.send(self._response)

    def acknowledged(self) -> None:
        """The ACK of a refusal came."""
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None


class Transactions:
    """All transactions of the process, forgotten 32 s after their beginning.

    A request that is still unanswered by then (an INVITE that rings) stays until it is answered.
    """

    def __init__(self) -> None:
        self._server: dict[Key, ServerTransaction] = {}
        self._ends: deque[tuple[float, ServerTransaction]] = deque()
        self._client: dict[str, Repeater] = {}

    def find(self, key: Key) -> ServerTransaction | None:
        """The transaction that a request with `key` belongs to."""
        return self._server.get(key)

    def open(self, key: Key, flow: Flow) -> ServerTransaction:
        """Notes a new request."""
        now = asyncio.get_running_loop().time()
        self.sweep(now)
        transaction = ServerTransaction(key, flow)
        self._server[key] = transaction
        self._ends.append((now + GIVE_UP, transaction))
        return transaction

    def sweep(self, at: float) -> None:
        """Forgets what ended before `at`, in loop time."""
        while self._ends and self._ends[0][0] <= at:
            _, transaction = self._ends.popleft()
            if transaction.final:
                self._server.pop(transaction.key, None)
                transaction.owner = None
            else:
                self._ends.append((at + GIVE_UP, transaction))

    def send_request(self, branch: str, flow: Flow, data: bytes) -> None:
        """Sends a request of ours, repeated until answered."""

        def give_up() -> None:
            self._client.pop(branch, None)

        self._client[branch] = Repeater(flow, data, on_give_up=give_up)
        flow.send(data)

    def answered(self, branch: str, code: int) -> bool:
        """A response came; whether it was to a request of ours that waits for one."""
        repeater = self._client.get(branch)
        if repeater is None:
            return False
        if code >= 200:
            repeater.stop()
            del self._client[branch]
        return True

    @property
    def waiting(self) -> int:
        """How many requests of ours wait for an answer."""
        return len(self._client)

    def close(self) -> None:
        """Stops every timer."""
        for repeater in self._client.values():
            repeater.stop()
        for transaction in self._server.values():
            transaction.acknowledged()
        self._client.clear()
        self._server.clear()
        self._ends.clear()
