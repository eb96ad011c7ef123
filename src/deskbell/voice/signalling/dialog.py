"""The dialog of one incoming call: from INVITE to BYE (RFC 3261 sections 12 to 15).

The call above it (`voice.call`) decides; the dialog keeps the protocol: tags, sequence numbers,
repetition of the 200 until its ACK, new offers within the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from aiosipua import SipRequest, parse_address, parse_uri, stringify_uri

from .admission import Admitted
from .flows import Flow
from .handlers import CallHandler
from .messages import (
    AGENT,
    ALLOW,
    Facts,
    Invitation,
    invitation_of,
    key_of_info,
    new_branch,
    new_tag,
    response_to,
    sdp_of,
)
from .transactions import Repeater, ServerTransaction, Transactions


@dataclass(frozen=True, slots=True)
class ReferOutcome:
    """What became of a REFER of ours: its own answer, and what the last NOTIFY said (0: none)."""

    code: int
    notify_code: int = 0


def _target_of(request: SipRequest) -> str:
    contacts = request.headers.get("contact")
    source = contacts[0] if contacts else request.headers.get("from")[0]
    return stringify_uri(parse_address(source).uri)


class Dialog:
    """One call's signalling."""

    is_outgoing: ClassVar[bool] = False

    def __init__(
        self,
        request: SipRequest,
        facts: Facts,
        transaction: ServerTransaction,
        *,
        transactions: Transactions,
        contact: str,
        forget: Callable[[Dialog], None],
    ) -> None:
        self.tag = new_tag()
        self.remote_tag = facts.from_tag
        self.number = facts.number
        self.invitation: Invitation = invitation_of(
            request, call_id=facts.call_id, source=transaction.flow.host
        )
        self.handler: CallHandler | None = None
        self.admission = Admitted()
        self.is_answered = False
        self.has_ended = False
        self._request = request
        self._transaction = transaction
        self._flow: Flow = transaction.flow
        self._transactions = transactions
        self._contact = contact
        self._forget = forget
        self._own_number = 0
        self._repeater: Repeater | None = None
        self._acknowledged: asyncio.Event | None = None
        self._pending_offer = False
        self._target = _target_of(request)

    # What the call asks for

    def ring(self) -> None:
        """Sends 180 while the call is not answered."""
        if not self.is_answered and not self.has_ended:
            self._respond(180)

    def answer(self, sdp: str) -> None:
        """Sends 200 with our answer, or our offer where the INVITE had none."""
        if self.is_answered or self.has_ended:
            return
        self.is_answered = True
        self._pending_offer = not self.invitation.offer
        self._accept(self._request, self._transaction, sdp)

    def refuse(self, code: int) -> None:
        """Refuses the call."""
        if not self.is_answered and not self.has_ended:
            self._respond(code)
            self._end()

    def hang_up(self) -> None:
        """Ends the call from our side: BYE, or 480 where it was not answered."""
        if self.has_ended:
            return
        if not self.is_answered:
            self.refuse(480)
            return
        branch = new_branch()
        self._transactions.send_request(branch, self._flow, self._bye(branch))
        self._end()

    def early(self, _sdp: str) -> None:
        """Sends 183 with early media."""
        self.ring()

    async def reoffer(self, _sdp: str) -> tuple[int, str]:
        """Offers other media (re-INVITE): the final code, and the peer's answer."""
        return 501, ""

    async def refer(self, _to: str, *, referred_by: str = "") -> ReferOutcome:
        """Asks the peer to call `to` instead (REFER, RFC 3515)."""
        del referred_by
        return ReferOutcome(501)

    def notify_refer(self, code: int) -> None:
        """Tells whoever sent us a REFER how the call that it wanted goes."""

    def info_key(self, key: str) -> None:
        """Sends a key by INFO."""

    async def acknowledged(self, *, within: float) -> bool:
        """Waits for the ACK of our 200, at most `within` seconds; whether it came."""
        if self._repeater is None:
            return self.is_answered
        if self._acknowledged is None:
            self._acknowledged = asyncio.Event()
        try:
            async with asyncio.timeout(within):
                await self._acknowledged.wait()
        except TimeoutError:
            return False
        return True

    # What the agent hands in

    def on_ack(self, request: SipRequest) -> None:
        """The caller has our 200."""
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None
        sdp = sdp_of(request)
        if self._pending_offer and sdp and self.handler is not None:
            self.handler.answered(sdp)
        self._pending_offer = False
        if self._acknowledged is not None:
            self._acknowledged.set()

    def on_request(self, request: SipRequest, facts: Facts, transaction: ServerTransaction) -> None:
        """A request within the dialog, which the agent has matched by tags and number."""
        handlers = {
            "BYE": self._on_bye,
            "INVITE": self._on_new_offer,
            "UPDATE": self._on_new_offer,
            "INFO": self._on_info,
        }
        self.number = facts.number
        self._flow = transaction.flow
        if request.headers.get("contact"):
            self._target = _target_of(request)
        handler = handlers.get(facts.method)
        if handler is None:
            self._reply(request, transaction, 405, [f"Allow: {ALLOW}"])
        else:
            handler(request, transaction)

    def on_cancel(self) -> None:
        """The caller gave up before we answered."""
        if self.is_answered or self.has_ended:
            return
        self._respond(487)
        self._leave("cancelled")

    # Inside

    def _on_bye(self, request: SipRequest, transaction: ServerTransaction) -> None:
        self._reply(request, transaction, 200)
        if not self.is_answered and not self.has_ended:
            self._respond(487)
        self._leave("bye")

    def _on_info(self, request: SipRequest, transaction: ServerTransaction) -> None:
        key = key_of_info(request)
        self._reply(request, transaction, 415 if key is None else 200)
        if key and self.handler is not None:
            self.handler.pressed(key)

    def _on_new_offer(self, request: SipRequest, transaction: ServerTransaction) -> None:
        is_invite = request.method == "INVITE"
        offer = sdp_of(request)
        if not offer and not is_invite:
            self._reply(request, transaction, 200, [f"Contact: <{self._contact}>"])
            return
        if not self.is_answered or self.handler is None:
            self._reply(request, transaction, 500, ["Retry-After: 1"])
            return
        answer = self.handler.offered(offer)
        if answer is None:
            self._reply(request, transaction, 488)
        elif is_invite:
            self._pending_offer = not offer
            self._accept(request, transaction, answer)
        else:
            headers = [f"Contact: <{self._contact}>"]
            transaction.respond(
                200,
                response_to(request, 200, to_tag=self.tag, headers=headers, body=answer),
            )

    def _accept(self, request: SipRequest, transaction: ServerTransaction, sdp: str) -> None:
        headers = [f"Contact: <{self._contact}>", f"Allow: {ALLOW}", "Accept: application/sdp"]
        data = response_to(request, 200, to_tag=self.tag, headers=headers, body=sdp)
        if self._repeater is not None:
            self._repeater.stop()
        self._repeater = Repeater(transaction.flow, data, on_give_up=self._on_no_ack)
        transaction.respond(200, data)

    def _on_no_ack(self) -> None:
        self._repeater = None
        if not self.has_ended:
            self.hang_up()
            if self.handler is not None:
                self.handler.left("unacknowledged")

    def _respond(self, code: int) -> None:
        headers = [f"Contact: <{self._contact}>"] if code < 300 else []
        self._transaction.respond(
            code, response_to(self._request, code, to_tag=self.tag, headers=headers)
        )

    def _reply(
        self,
        request: SipRequest,
        transaction: ServerTransaction,
        code: int,
        headers: list[str] | None = None,
    ) -> None:
        transaction.respond(
            code, response_to(request, code, to_tag=self.tag, headers=headers or ())
        )

    def _leave(self, how: str) -> None:
        if self.has_ended:
            return
        self._end()
        if self.handler is not None:
            self.handler.left(how)

    def _end(self) -> None:
        self.has_ended = True
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None
        if self._acknowledged is not None:
            self._acknowledged.set()
        self._forget(self)

    def _bye(self, branch: str) -> bytes:
        get = self._request.headers.get
        local = parse_uri(self._contact)
        host = f"{local.host}:{local.port}"
        to = get("from")[0]
        mine = get("to")[0]
        self._own_number += 1
        lines = [
            f"BYE {self._target} SIP/2.0",
            f"Via: SIP/2.0/{self._flow.kind} {host};branch={branch};rport",
            "Max-Forwards: 70",
            *(f"Route: {route}" for route in get("record-route")),
            f"From: {mine};tag={self.tag}",
            f"To: {to}",
            f"Call-ID: {self.invitation.call_id}",
            f"CSeq: {self._own_number} BYE",
            f"User-Agent: {AGENT}",
            "Content-Length: 0\r\n\r\n",
        ]
        return "\r\n".join(lines).encode()
