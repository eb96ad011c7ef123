"""Requests of ours until their final answer: client transactions (RFC 3261 section 17.1, RFC 6026).

What never comes is answered by ourselves: 408 after 64 T1, 503 where the connection broke. Such an
answer has no headers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from aiosipua import SipResponse

from . import timers
from .flows import Flow
from .timers import FOREVER, Repeater

OnAnswer = Callable[[SipResponse], None]
ClientKey = tuple[str, str]  # branch and method: a CANCEL has the branch of its INVITE
TIMED_OUT: Final = 408
UNSENT: Final = 503


def is_made_up(response: SipResponse) -> bool:
    """Whether an answer is one of our own making, for what never came."""
    return not len(response.headers)


class ClientTransaction:
    """One request of ours. `on_answer` gets every 1xx once, and the final answer.

    Of an INVITE it gets every 200 that comes, repeated ones too: each wants an ACK of its own.
    A refusal of an INVITE is acknowledged here, with `ack`, whose To is the refusal's.
    """

    __slots__ = ("_ack", "_acked", "_end", "_forget", "_on_answer", "_repeater", "flow", "is_over",
                 "key")  # fmt: skip

    def __init__(
        self,
        key: ClientKey,
        flow: Flow,
        data: bytes,
        *,
        on_answer: OnAnswer,
        forget: Callable[[ClientTransaction], None],
        ack: Callable[[SipResponse], bytes] | None = None,
    ) -> None:
        self.key = key
        self.flow = flow
        self.is_over = False
        self._on_answer = on_answer
        self._forget = forget
        self._ack = ack
        self._acked = b""
        self._end: asyncio.TimerHandle | None = None
        cap = FOREVER if ack is not None else None
        self._repeater: Repeater | None = Repeater(flow, data, on_give_up=self._late, cap=cap)
        flow.watch(self._broken)
        flow.send(data)

    def answered(self, response: SipResponse) -> None:
        """A response with this transaction's branch and method came."""
        code = response.status_code
        if self._ack is not None:
            self._invite_answered(response, code)
        elif self.is_over:
            return
        elif code >= 200:
            self._finish()
            self._forget(self)
            self._on_answer(response)
        else:
            if self._repeater is not None:
                self._repeater.slow_down()
            self._on_answer(response)

    def _invite_answered(self, response: SipResponse, code: int) -> None:
        if code < 200:
            if not self.is_over:
                self._quiet()
                self._on_answer(response)
        elif code < 300:
            if not self._acked:
                self._linger()
                self._on_answer(response)
        elif not self._acked:
            if not self.is_over:
                self._linger()
                self._acknowledge(response)
                self._on_answer(response)
        else:
            self.flow.send(self._acked)

    def _acknowledge(self, response: SipResponse) -> None:
        if self._ack is not None:
            self._acked = self._ack(response)
            self.flow.send(self._acked)

    def give_up_within(self, seconds: float) -> None:
        """Answers 408 by itself unless a final answer comes in time (section 9.1, after CANCEL)."""
        if not self.is_over and self._end is None:
            self._end = asyncio.get_running_loop().call_later(seconds, self._late)

    def stop(self) -> None:
        """Stops every timer and answers nothing."""
        self._finish()
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _quiet(self) -> None:
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None

    def _finish(self) -> None:
        self.is_over = True
        self._quiet()
        self.flow.unwatch(self._broken)

    def _linger(self) -> None:
        """Stays for what is repeated: timers D and M, which are 64 T1 here."""
        if self.is_over:
            return
        self._finish()
        if self._end is not None:
            self._end.cancel()
        loop = asyncio.get_running_loop()
        self._end = loop.call_later(timers.GIVE_UP, self._forget, self)

    def _late(self) -> None:
        self._fail(TIMED_OUT)

    def _broken(self) -> None:
        self._fail(UNSENT)

    def _fail(self, code: int) -> None:
        if self.is_over:
            return
        self.stop()
        self._forget(self)
        self._on_answer(SipResponse(status_code=code))
