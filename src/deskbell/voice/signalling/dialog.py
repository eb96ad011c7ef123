"""The dialog of one call, in either direction (RFC 3261 sections 12 to 15).

The call above it decides; the dialog keeps the protocol: tags, sequence numbers, repetition of the
200 until its ACK, new offers within the call, the session timer, transfers. What only one side can
do is in `dialogs/incoming` and `dialogs/outgoing`, the parts of both beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from aiosipua import SipRequest, SipResponse

from .addresses import read_uri, split
from .admission import Admitted
from .bodies import key_of_info, sdp_of, unread_body
from .dialogs.asking import Asking, OnAsked
from .dialogs.confirming import Confirmation
from .dialogs.offering import Offers, capabilities
from .dialogs.refreshing import SessionTimer
from .dialogs.transferring import ReferOutcome, Transfers
from .handlers import CallHandler
from .invitations import Invitation
from .messages import ALLOW, Facts, allows, response_to, tag_of, unsupported_by_us
from .requests import SDP, Peer, Self, new_branch, target_of, written
from .transactions import ServerTransaction
from .ways import Ways

__all__ = ["Dialog", "ReferOutcome"]
LOST: Final = {408, 481}
ELSEWHERE: Final = 'SIP;cause=200;text="Call completed elsewhere"'


class Dialog:
    """One call's signalling. `handler` is the call, `admission` says who may call in."""

    is_outgoing: ClassVar[bool] = False

    def __init__(
        self, agent: Ways, ours: Self, peer: Peer, invitation: Invitation, *, number: int = -1
    ) -> None:
        self.agent = agent
        self.ours = ours
        self.peer = peer
        self.tag = tag_of(ours.local)
        self.remote_tag = peer.tag
        self.number = number  # the peer's last; `invite_number` that of its last INVITE
        self.invite_number = number
        self.invitation = invitation
        self.handler: CallHandler | None = None
        self.admission = Admitted()
        self.account = ("", "")
        self.is_answered = False
        self.has_ended = False
        self.knows_update = False
        self.offers = Offers(self)
        self.session = SessionTimer(refresh=self.offers.refresh, expire=self._expire)
        self._confirmation = Confirmation()
        self._transfers: Transfers | None = None
        self.own_number = 0

    # What the call asks for

    def ring(self) -> None:
        """Incoming: sends 180 while the call is not answered."""

    def early(self, sdp: str) -> None:
        """Incoming: sends 183 with our answer, so that the caller hears us before we answer.

        Reliably where the caller can (RFC 3262). To an INVITE without an offer the description is
        our offer, which only a reliable answer can carry: other callers get 180.
        """

    def answer(self, sdp: str) -> None:
        """Incoming: sends 200 with our answer, or our offer where the INVITE had none."""

    def refuse(self, code: int, headers: Sequence[str] = ()) -> None:
        """Incoming: refuses the call."""

    def hang_up(self, reason: str = "") -> None:
        """Ends the call from our side: BYE, or before the answer 480 or CANCEL.

        `reason` goes with a BYE or CANCEL (RFC 3326): `ELSEWHERE` keeps the other phones of a
        Dial from showing a missed call.
        """
        if self.has_ended:
            return
        if not self.is_answered:
            self.give_up(reason)
            return
        headers = [f"Reason: {reason}"] if reason else []
        self.ask("BYE", headers=headers, on_answer=lambda _asking, _response: None)
        self.end()

    def give_up(self, _reason: str = "") -> None:
        """Ends a call that is not answered."""
        self.end()

    async def acknowledged(self, *, within: float) -> bool:
        """Waits for the ACK of our 200, at most `within` seconds; whether it came."""
        return self.is_answered and await self._confirmation.wait(within)

    async def reoffer(self, sdp: str) -> tuple[int, str]:
        """Offers other media (re-INVITE): the final code, and with a 2xx the peer's answer.

        491 means that the peer kept offering at the same time, 481 that the call is over.
        """
        return await self.offers.offer(sdp)

    async def refer(self, to: str, *, referred_by: str = "") -> ReferOutcome:
        """Asks the peer to call the URI `to` instead (REFER), at most a minute long.

        `to` may carry `?Replaces=…` (percent-encoded) for an announced transfer.
        """
        return await self.transfers.refer(to, referred_by=referred_by)

    def notify_refer(self, code: int) -> None:
        """Tells the peer that sent us a REFER how the call that it wanted goes: 180, 200, 486 …"""
        if self._transfers is not None:
            self._transfers.notify(code)

    def info_key(self, key: str) -> None:
        """Sends a key by INFO, for a peer that takes no telephone-events."""
        if self.is_answered and not self.has_ended:
            self.ask(
                "INFO",
                body=f"Signal={key}\r\nDuration=160\r\n",
                kind="application/dtmf-relay",
                on_answer=self._on_asked,
            )

    @property
    def replaces(self) -> str:
        """What a Replaces header says to mean this call, as the peer knows it (RFC 3891)."""
        return f"{self.ours.call_id};to-tag={self.remote_tag};from-tag={self.tag}"

    # What the agent hands in

    def is_with(self, from_tag: str, call_id: str) -> bool:
        """Whether a request with these is the peer's."""
        return from_tag == self.remote_tag and call_id == self.ours.call_id

    def on_ack(self, request: SipRequest) -> None:
        """The peer has our 200."""
        is_first = self._confirmation.is_due
        self._confirmation.came()
        sdp = sdp_of(request)
        if is_first and self.offers.is_pending and sdp:
            self.tell_answered(sdp)
        self.offers.is_pending = False

    def on_request(self, request: SipRequest, facts: Facts, transaction: ServerTransaction) -> None:
        """A request within the dialog, which the agent has matched by tags and number."""
        self.number = facts.number
        self.peer.flow = transaction.flow
        handlers = {
            "BYE": self._on_bye,
            "INVITE": self._on_invite,
            "UPDATE": self._on_update,
            "INFO": self._on_info,
            "PRACK": self.on_prack,
            "REFER": self._on_refer,
            "NOTIFY": self._on_notify,
        }
        handler = handlers.get(facts.method)
        missing = unsupported_by_us(request)
        if handler is None:
            self.reply(request, transaction, 405, [f"Allow: {ALLOW}"])
        elif missing:
            self.reply(request, transaction, 420, [f"Unsupported: {', '.join(missing)}"])
        else:
            handler(request, transaction)

    def on_cancel(self) -> None:
        """The caller gave up before we answered."""

    def on_prack(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """A PRACK for an answer of ours that is not on its way."""
        self.reply(request, transaction, 481)

    # What the parts use

    @property
    def transfers(self) -> Transfers:
        """The REFERs of this call."""
        if self._transfers is None:
            self._transfers = Transfers(self)
        return self._transfers

    @property
    def is_unconfirmed(self) -> bool:
        """Whether our 200 still waits for its ACK."""
        return self._confirmation.is_due

    def next_number(self) -> int:
        """The CSeq number of our next request."""
        self.own_number += 1
        return self.own_number

    def capability_lines(self) -> list[str]:
        """Contact, Allow and Supported."""
        return capabilities(self.ours.contact)

    def ask(
        self,
        method: str,
        *,
        headers: Sequence[str] = (),
        body: str = "",
        kind: str = SDP,
        on_answer: OnAsked,
    ) -> Asking:
        """Sends a request within the dialog."""
        self._find_way()
        return Asking(
            self, self.peer, method, headers=headers, body=body, kind=kind, on_answer=on_answer
        )

    def _find_way(self) -> None:
        """Opens a new connection where ours broke: back to where the peer listens."""
        flow = self.peer.flow
        if not flow.is_open:
            port = listening_port(self.peer.target, self.peer.routes, flow.host)
            self.peer.flow = self.agent.flow_to(flow.host, port, flow.kind)

    def acknowledge(self, asking: Asking) -> None:
        """Sends the ACK of a 200 to our INVITE, with its credentials (section 13.2.2.4)."""
        data = written(
            "ACK",
            self.ours,
            asking.peer,
            branch=new_branch(),
            number=asking.number,
            headers=asking.credentials,
        )
        asking.peer.flow.send(data)

    def accept(self, request: SipRequest, transaction: ServerTransaction, sdp: str) -> None:
        """Sends the 200 of an INVITE, until its ACK comes."""
        self.offers.said = sdp or self.offers.said
        headers = [*self.capability_lines(), "Accept: application/sdp"]
        headers += self.session.answer(request)
        data = response_to(request, 200, to_tag=self.tag, headers=headers, body=sdp)
        self._confirmation.expect(transaction, data, on_give_up=self._on_no_ack)

    async def confirmed(self, *, within: float) -> bool:
        """Waits until no 200 of ours waits for its ACK; whether the call still goes on."""
        return await self._confirmation.wait(within) and not self.has_ended

    def reply(
        self,
        request: SipRequest,
        transaction: ServerTransaction,
        code: int,
        headers: Sequence[str] = (),
    ) -> None:
        """Answers a request within the dialog."""
        data = response_to(request, code, to_tag=self.tag, headers=headers)
        transaction.respond(code, data)

    def judge(self, response: SipResponse) -> bool:
        """Whether an answer says that the peer has lost the call, which ends it (12.2.1.2)."""
        if response.status_code not in LOST or self.has_ended:
            return False
        self._expire()
        return True

    def _on_asked(self, _asking: Asking, response: SipResponse) -> None:
        self.judge(response)

    def tell_answered(self, sdp: str) -> None:
        """The answer to an offer of ours came."""
        if self.handler is not None:
            self.handler.answered(sdp)

    def leave(self, how: str) -> None:
        """The peer ended the call."""
        if self.has_ended:
            return
        self.end()
        if self.handler is not None:
            self.handler.left(how)

    def end(self) -> None:
        """Stops every timer and has the agent forget the call."""
        if self.has_ended:
            return
        self.has_ended = True
        self._confirmation.came()
        self.session.stop()
        self.offers.close()
        if self._transfers is not None:
            self._transfers.close()
        self.agent.forget(self)

    # Inside

    def _on_bye(self, request: SipRequest, transaction: ServerTransaction) -> None:
        self.reply(request, transaction, 200)
        self.leave("bye")

    def _on_info(self, request: SipRequest, transaction: ServerTransaction) -> None:
        key = key_of_info(request)
        if key is None:
            kinds = ["Accept: application/dtmf-relay, application/dtmf"]
            self.reply(request, transaction, 415, kinds)
            return
        self.reply(request, transaction, 200)
        if key and self.handler is not None:
            self.handler.pressed(key)

    def _on_invite(self, request: SipRequest, transaction: ServerTransaction) -> None:
        if not self._is_unreadable(request, transaction):
            self._refresh_target(request)
            self.offers.on_invite(request, transaction)

    def _on_update(self, request: SipRequest, transaction: ServerTransaction) -> None:
        if not self._is_unreadable(request, transaction):
            self._refresh_target(request)
            self.offers.on_update(request, transaction)

    def _is_unreadable(self, request: SipRequest, transaction: ServerTransaction) -> bool:
        headers = unread_body(request)
        if headers:
            self.reply(request, transaction, 415, headers)
        return bool(headers)

    def _refresh_target(self, request: SipRequest) -> None:
        self.knows_update = allows(request, "UPDATE") or self.knows_update
        if request.headers.get("contact"):
            self.peer.target = target_of(request)

    def _on_refer(self, request: SipRequest, transaction: ServerTransaction) -> None:
        self.transfers.on_refer(request, transaction)

    def _on_notify(self, request: SipRequest, transaction: ServerTransaction) -> None:
        self.transfers.on_notify(request, transaction)

    def _on_no_ack(self) -> None:
        self._abandon("unacknowledged")

    def _expire(self) -> None:
        self._abandon("expired")

    def _abandon(self, how: str) -> None:
        if not self.has_ended:
            self.hang_up()
            if self.handler is not None:
                self.handler.left(how)


def listening_port(target: str, routes: Sequence[str], host: str) -> int:
    """Where a peer listens: its Contact's port where that names `host`, else 5060."""
    uri = read_uri(split(routes[0])[1] if routes else target)
    return uri.port or 5060 if uri is not None and uri.host == host else 5060
