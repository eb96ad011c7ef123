"""A request of ours within a call: sent, challenged, sent again with the answer, cancelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from aiosipua import SipResponse

from .. import timers
from ..requests import SDP, Peer, credentials_for, is_stale, new_branch, written

if TYPE_CHECKING:
    from ..clients import ClientTransaction
    from ..dialog import Dialog

MOST_TRIES: Final = 3  # the first, one with our answer, one more where its nonce was stale
OnAsked = Callable[["Asking", SipResponse], None]


class Asking:
    """One request and what becomes of it: `on_answer(asking, response)`.

    It gets every 1xx and the final response, but those challenges that the dialog's name and
    password answer (RFC 3261 section 22.2).
    """

    __slots__ = (
        "_body",
        "_branch",
        "_dialog",
        "_has_progress",
        "_headers",
        "_is_cancel_sent",
        "_kind",
        "_on_answer",
        "_reason",
        "_tries",
        "credentials",
        "is_cancelled",
        "method",
        "number",
        "peer",
        "transaction",
    )

    def __init__(
        self,
        dialog: Dialog,
        peer: Peer,
        method: str,
        *,
        headers: Sequence[str] = (),
        body: str = "",
        kind: str = SDP,
        on_answer: OnAsked,
    ) -> None:
        self.method = method
        self.peer = peer
        self.number = 0
        self.credentials: tuple[str, ...] = ()
        self.is_cancelled = False
        self.transaction: ClientTransaction | None = None
        self._dialog = dialog
        self._headers = tuple(headers)
        self._body = body
        self._kind = kind
        self._on_answer = on_answer
        self._branch = ""
        self._tries = 0
        self._has_progress = False
        self._is_cancel_sent = False
        self._reason = ""
        self._send()

    def _send(self) -> None:
        self._tries += 1
        self._branch = new_branch()
        self._has_progress = False
        self.number = self._dialog.next_number()
        data = written(
            self.method,
            self._dialog.ours,
            self.peer,
            branch=self._branch,
            number=self.number,
            headers=(*self._headers, *self.credentials),
            body=self._body,
            kind=self._kind,
        )
        self.transaction = self._dialog.agent.transactions.send(
            (self._branch, self.method),
            self.peer.flow,
            data,
            on_answer=self._answered,
            ack=self._ack if self.method == "INVITE" else None,
        )

    def _answered(self, response: SipResponse) -> None:
        code = response.status_code
        if code < 200:
            self._has_progress = True
            self._send_cancel()
        if code in {401, 407} and not self.is_cancelled and self._may_try_again(response):
            uri, _ = self.peer.line_and_routes()
            name, password = self._dialog.account
            line = credentials_for(
                response, username=name, password=password, method=self.method, uri=uri
            )
            if line:
                self.credentials = (line,)
                self._send()
                return
        self._on_answer(self, response)

    def _may_try_again(self, response: SipResponse) -> bool:
        return not self.credentials or (self._tries < MOST_TRIES and is_stale(response))

    def _ack(self, refusal: SipResponse) -> bytes:
        """The ACK of a refusal goes where the INVITE went, with its branch (17.1.1.3)."""
        to = refusal.headers.get_first("to") or self.peer.remote
        return self._beside("ACK", to=to)

    @property
    def branch(self) -> str:
        """That of the last try."""
        return self._branch

    def cancel(self, reason: str = "") -> None:
        """Sends CANCEL: now, or as soon as the peer has shown that it has the INVITE (9.1).

        A final answer that does not come within 32 s of it is a 408.
        """
        self.is_cancelled = True
        self._reason = reason
        if self._has_progress:
            self._send_cancel()

    def _send_cancel(self) -> None:
        transaction = self.transaction
        if not self.is_cancelled or self._is_cancel_sent or transaction is None:
            return
        if transaction.is_over:
            return
        self._is_cancel_sent = True
        self._dialog.agent.transactions.send(
            (self._branch, "CANCEL"),
            self.peer.flow,
            self._beside("CANCEL", headers=[f"Reason: {self._reason}"] if self._reason else []),
            on_answer=lambda _response: None,
        )
        transaction.give_up_within(timers.GIVE_UP)

    def _beside(self, method: str, *, to: str = "", headers: Sequence[str] = ()) -> bytes:
        """A request that shares the INVITE's branch and number."""
        return written(
            method,
            self._dialog.ours,
            self.peer,
            branch=self._branch,
            number=self.number,
            headers=headers,
            to=to,
        )
