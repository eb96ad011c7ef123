"""Transactions: the same request twice is one request, and an answer that is lost is sent again.

Ours and not aiosipua's, whose server side takes a repeated INVITE for a new call and does not
repeat its answers. Source: RFC 3261 section 17, RFC 6026.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from aiosipua import SipResponse

from . import timers
from .clients import ClientKey, ClientTransaction, OnAnswer
from .flows import Flow
from .timers import Repeater

Key = tuple[str, str, int, str]


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

    def let_go(self) -> None:
        """Nothing of the request will come again."""
        self.owner = None
        self._response = b""

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
        self._client: dict[ClientKey, ClientTransaction] = {}

    def find(self, key: Key) -> ServerTransaction | None:
        """The transaction that a request with `key` belongs to."""
        return self._server.get(key)

    def open(self, key: Key, flow: Flow) -> ServerTransaction:
        """Notes a new request."""
        now = asyncio.get_running_loop().time()
        self.sweep(now)
        transaction = ServerTransaction(key, flow)
        self._server[key] = transaction
        self._ends.append((now + timers.GIVE_UP, transaction))
        return transaction

    def sweep(self, at: float) -> None:
        """Forgets what ended before `at`, in loop time."""
        while self._ends and self._ends[0][0] <= at:
            _, transaction = self._ends.popleft()
            if transaction.final:
                self._server.pop(transaction.key, None)
                transaction.let_go()
            else:
                self._ends.append((at + timers.GIVE_UP, transaction))

    def send(
        self,
        key: ClientKey,
        flow: Flow,
        data: bytes,
        *,
        on_answer: OnAnswer,
        ack: Callable[[SipResponse], bytes] | None = None,
    ) -> ClientTransaction:
        """Sends a request of ours, repeated until answered; an INVITE has an `ack`."""
        transaction = ClientTransaction(
            key, flow, data, on_answer=on_answer, forget=self._forget_client, ack=ack
        )
        if not transaction.is_over:
            self._client[key] = transaction
        return transaction

    def answered(self, key: ClientKey, response: SipResponse) -> bool:
        """A response came; whether it was to a request of ours."""
        transaction = self._client.get(key)
        if transaction is None:
            return False
        transaction.answered(response)
        return True

    def _forget_client(self, transaction: ClientTransaction) -> None:
        self._client.pop(transaction.key, None)

    @property
    def waiting(self) -> int:
        """How many requests of ours wait for an answer."""
        return sum(not transaction.is_over for transaction in self._client.values())

    def close(self) -> None:
        """Stops every timer."""
        for client in self._client.values():
            client.stop()
        for server in self._server.values():
            server.acknowledged()
        self._client.clear()
        self._server.clear()
        self._ends.clear()
