"""Provisional answers that must arrive: 100rel and PRACK where we answer (RFC 3262)."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiosipua import SipRequest

from ..bodies import sdp_of
from ..messages import response_to
from ..timers import FOREVER, Repeater
from ..transactions import ServerTransaction

if TYPE_CHECKING:
    from .incoming import IncomingDialog


class ReliableAnswers:
    """Provisional answers of one call, one after the other, each repeated until its PRACK."""

    __slots__ = ("_dialog", "_has_sdp", "_number", "_queue", "_repeater", "_then", "has_agreed")

    def __init__(self, dialog: IncomingDialog) -> None:
        self._dialog = dialog
        self._number = secrets.randbelow(2**31 - 1000) + 1
        self._queue: deque[tuple[int, str]] = deque()
        self._repeater: Repeater | None = None
        self.has_agreed = False
        self._has_sdp = False
        self._then: Callable[[], None] | None = None

    def send(self, code: int, sdp: str) -> None:
        """Sends a provisional answer as soon as the one before it has its PRACK (section 3)."""
        if self._repeater is not None:
            self._queue.append((code, sdp))
            return
        self._number += 1
        self._has_sdp = bool(sdp)
        headers = ["Require: 100rel", f"RSeq: {self._number}"]
        data = self._dialog.provisional(code, sdp, headers)
        flow = self._dialog.peer.flow
        self._repeater = Repeater(flow, data, on_give_up=self._on_no_prack, cap=FOREVER)

    def when_clear(self, then: Callable[[], None]) -> None:
        """Runs `then` now, or when the description that is on its way has its PRACK.

        A 200 must not overtake it (section 3).
        """
        self._queue.clear()
        if self._repeater is not None and self._has_sdp:
            self._then = then
        else:
            then()

    def on_prack(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """The caller has the answer that is on its way, or one that nobody waits for."""
        dialog = self._dialog
        words = (request.headers.get_first("rack") or "").split()
        expected = [str(self._number), str(dialog.invite_number), "INVITE"]
        if self._repeater is None or words != expected:
            dialog.reply(request, transaction, 481)
            return
        self.stop()
        self.has_agreed = self.has_agreed or self._has_sdp
        sdp, answer = sdp_of(request), ""
        if sdp and dialog.offers.is_pending:
            dialog.offers.is_pending = False
            dialog.tell_answered(sdp)
        elif sdp and dialog.handler is not None:
            answer = dialog.handler.offered(sdp) or ""
            if not answer:
                dialog.reply(request, transaction, 488)
        if not transaction.final:
            transaction.respond(200, response_to(request, 200, to_tag=dialog.tag, body=answer))
        self._go_on()

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
        elif self._queue:
            self.send(*self._queue.popleft())

    def _on_no_prack(self) -> None:
        self._repeater = None
        self._dialog.unpracked()

    def stop(self) -> None:
        """Repeats no more."""
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None
