"""The calls that come to the test phone: it rings, answers, refuses, and is given up on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.patience import patience
from tests.phone_audio import Rtp
from tests.phone_calls import PhoneCall
from tests.phone_messages import Request, tag_of, uri_of

if TYPE_CHECKING:
    from tests.phone import Phone


class Incoming(PhoneCall):
    """A call that comes to the phone: a test rings it, answers it, refuses it."""

    def __init__(self, phone: Phone, rtp: Rtp, invite: Request) -> None:
        tag = secrets.token_hex(4)
        super().__init__(
            phone,
            rtp,
            call_id=invite.header("call-id"),
            local=f"{invite.header('to')};tag={tag}",
            remote=invite.header("from"),
        )
        self.invite = invite
        self.target = uri_of(invite.header("contact"))
        self.routes = invite.headers.get("record-route", [])
        self.sequence = 100
        self.is_cancelled = False
        self.is_acknowledged = False
        self.pracks: list[str] = []
        self._reliable = 0

    @property
    def tag(self) -> str:
        """Our tag in this call."""
        return tag_of(self.local)

    def ring(self, *, reliable: bool = False) -> None:
        """Says 180."""
        self._provisional(180, "", reliable=reliable)

    def early(self, *, reliable: bool = False) -> None:
        """Says 183 with audio that is heard before the answer."""
        self._provisional(183, self.sdp(), reliable=reliable)
        self.connect(self.invite.body)

    def answer(self, *, sdp: str = "") -> None:
        """Picks up."""
        if self._final.is_set():
            return
        self.status = 200
        self._final.set()
        self.phone.reply(self.invite, 200, body=sdp or self.sdp(), tag=self.tag, contact=True)
        self.connect(self.invite.body)

    def refuse(self, code: int = 486, *, headers: tuple[str, ...] = ()) -> None:
        """Refuses the call."""
        if self._final.is_set():
            return
        self.status = code
        self.phone.reply(self.invite, code, tag=self.tag, headers=headers)
        self._end()

    async def acknowledged(self, *, within: float = 5.0) -> None:
        """Waits for the ACK of our 200."""
        async with patience(within):
            while not self.is_acknowledged:
                self._changed.clear()
                await self._changed.wait()

    def on_request(self, request: Request) -> None:
        """A request of the caller's; CANCEL belongs to the call only until it is answered."""
        if request.method == "CANCEL":
            self.phone.reply(request, 200, tag=self.tag)
            if not self._final.is_set():
                self.is_cancelled = True
                self.hung_up_by = "system"
                self.refuse(487)
            return
        if request.header("cseq") == self.invite.header("cseq"):
            return  # the INVITE once more
        if request.method == "ACK":
            self.is_acknowledged = True
            if request.body:
                self.connect(request.body)
        if request.method == "PRACK":
            self.pracks.append(request.header("rack"))
        super().on_request(request)

    def _provisional(self, code: int, sdp: str, *, reliable: bool) -> None:
        headers: tuple[str, ...] = ()
        if reliable:
            self._reliable += 1
            headers = ("Require: 100rel", f"RSeq: {self._reliable}")
        self.phone.reply(self.invite, code, body=sdp, tag=self.tag, headers=headers, contact=True)
