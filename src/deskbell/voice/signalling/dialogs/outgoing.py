"""The dialog of a call that we make: from our INVITE to the peer's answer.

One call may be several INVITEs: with an answer to a challenge, with a longer session timer, to
where a 3xx points, over TCP and then over UDP. And one INVITE may bring several answers, where a
proxy forks it: the first 200 is the call, others get ACK and BYE (RFC 3261 section 13.2.2.4).
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from aiosipua import SipRequest, SipResponse

from ..addresses import SipUri, ip_of, read_uri, split
from ..bodies import sdp_of
from ..clients import UNSENT, is_made_up
from ..destinations import Destination
from ..dialog import Dialog
from ..flows import Flow, family_of
from ..handlers import CallHandler
from ..invitations import Invitation
from ..messages import allows, requires, tag_of
from ..requests import Peer, Self, target_of
from ..transactions import ServerTransaction
from ..ways import Ways
from .asking import Asking

MOST_REDIRECTS: Final = 5
LARGEST_DATAGRAM: Final = 1300  # RFC 3261 section 18.1.1
HEADERS_BYTES: Final = 700  # about what a request has beside what the caller of `invite` adds


@dataclass(slots=True)
class Fork:
    """What one of the peers that an INVITE reached has said so far."""

    peer: Peer
    reliable: int = 0  # its last RSeq
    sdp: str = ""


@dataclass(slots=True)
class _Attempts:
    """Where the call may still be tried, and where it was."""

    left: deque[Destination] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)


class OutgoingDialog(Dialog):
    """A call to `destination` with the offer `sdp`."""

    is_outgoing: ClassVar[bool] = True

    def __init__(
        self,
        agent: Ways,
        destination: Destination,
        ours: Self,
        invitation: Invitation,
        *,
        to: str,
        sdp: str,
        headers: Sequence[str],
        handler: CallHandler,
    ) -> None:
        super().__init__(
            agent, ours, Peer(agent.flow_of(destination), destination.uri, to), invitation
        )
        self.handler = handler
        self.account = (destination.username, destination.password)
        self.offers.said = sdp
        self._destination = destination
        self._to = to
        self._headers = tuple(headers)
        self._is_cancelled = False
        self._reason = ""
        self._asking: Asking | None = None
        self._forks: dict[str, Fork] = {}
        self._attempts = _Attempts()
        self._attempts.seen.add(destination.uri)
        self._by_datagram: Destination | None = None
        self._turned_away: set[str] = set()
        self._looking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Sends the INVITE: over TCP where it is too large for a datagram (section 18.1.1)."""
        first = self._destination
        size = HEADERS_BYTES + len(self.offers.said) + sum(map(len, self._headers))
        if (
            size > LARGEST_DATAGRAM
            and first.transport == "UDP"
            and first.flow is None
            and (first.host, first.port) not in self.agent.without_tcp
        ):
            self._by_datagram = first
            first = replace(first, transport="TCP")
        self._try(first)

    @property
    def branch_to_cancel(self) -> str:
        """What a CANCEL of ours would carry; empty once there is nothing to cancel."""
        return self._asking.branch if self._asking is not None and not self.is_answered else ""

    def give_up(self, reason: str = "") -> None:
        """Cancels the call; `refused(487)` comes when the peer confirms it, or 32 s later."""
        if self._is_cancelled:
            return
        self._is_cancelled = True
        self._reason = reason
        self._attempts.left.clear()
        if self._asking is not None:
            self._asking.cancel(reason)

    def _on_bye(self, request: SipRequest, transaction: ServerTransaction) -> None:
        if self.is_answered:
            super()._on_bye(request, transaction)
            return
        self.reply(request, transaction, 200)  # no phone may do that, and yet it is gone
        self.give_up()
        self._over(480, SipResponse())

    # Attempts

    def _try(self, destination: Destination) -> None:
        if ip_of(destination.host) is None:
            self._looking = asyncio.create_task(self._look_up(destination))
        else:
            self._send_to(destination)

    async def _look_up(self, destination: Destination) -> None:
        """Tries a name that a 3xx pointed to."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(
                destination.host,
                destination.port,
                family=family_of(self._destination.host),
                type=socket.SOCK_DGRAM,
            )
        except OSError:
            found = []
        if self._is_cancelled:
            self._over(487, SipResponse())
        elif found:
            self._send_to(replace(destination, host=str(found[0][4][0])))
        else:
            self._try_next(480, SipResponse())

    def _try_next(self, code: int, response: SipResponse) -> None:
        if self._attempts.left:
            self._try(self._attempts.left.popleft())
        else:
            self._over(code, response)

    def _send_to(self, destination: Destination) -> None:
        self._destination = destination
        self._forks = {}
        self.peer = Peer(
            self.agent.flow_of(destination), destination.uri, self._to, destination.route
        )
        self.account = (destination.username, destination.password)
        self._invite(self.session.lines(may_begin=True))

    def _invite(self, session: Sequence[str]) -> None:
        self._asking = Asking(
            self,
            self.peer,
            "INVITE",
            headers=[*self.capability_lines(), *session, *self._headers],
            body=self.offers.said,
            on_answer=self._on_answer,
        )

    def _on_answer(self, asking: Asking, response: SipResponse) -> None:
        code = response.status_code
        if code < 200:
            self._on_progress(asking, response)
        elif code < 300:
            self._on_accepted(asking, response)
        elif asking is self._asking and not self.is_answered and not self.has_ended:
            self._on_refused(response)

    # 1xx

    def _on_progress(self, asking: Asking, response: SipResponse) -> None:
        if asking is not self._asking or self.is_answered or self.has_ended:
            return
        if self._is_cancelled or response.status_code == 100:
            return
        fork = self._fork_of(asking, response)
        if requires(response, "100rel") and not self._is_next(fork, response, asking):
            return
        fork.sdp = sdp_of(response) or fork.sdp
        if self.handler is not None:
            self.handler.progressed(response.status_code, sdp_of(response))

    def _fork_of(self, asking: Asking, response: SipResponse) -> Fork:
        tag = tag_of(response.headers.get_first("to") or "")
        fork = self._forks.get(tag)
        if fork is None:
            fork = self._forks[tag] = Fork(self._peer_of(asking, response))
            if len(self._forks) == 1 and tag:
                self._adopt(fork)
        elif response.headers.get("contact"):
            fork.peer.target = target_of(response, "to")
        self.knows_update = allows(response, "UPDATE") or self.knows_update
        return fork

    def _peer_of(self, asking: Asking, response: SipResponse) -> Peer:
        """The peer that an answer comes from; its route set is Record-Route's, backwards."""
        get = response.headers.get
        routes = tuple(reversed(get("record-route")))
        remote = response.headers.get_first("to") or self._to
        target = target_of(response, "to") if get("contact") else asking.peer.target
        peer = Peer(asking.peer.flow, target, remote, routes)
        peer.flow = self._next_hop(peer)
        return peer

    def _next_hop(self, peer: Peer) -> Flow:
        """Where requests within the call go: to the first of the route set, or to the Contact.

        But over the flow that the call was made by where that is a connection of the peer's, and
        where the Contact is an address behind somebody's NAT.
        """
        flow = peer.flow
        uri = read_uri(split(peer.routes[0])[1] if peer.routes else peer.target)
        if uri is None or self._destination.flow is not None or is_same(uri, flow):
            return flow
        there, here = uri.ip, ip_of(flow.host)
        if there is None or (there.is_private and here is not None and not here.is_private):
            return flow
        return self.agent.flow_to(str(there), uri.port or 5060, uri.transport(flow.kind))

    def _is_next(self, fork: Fork, response: SipResponse, asking: Asking) -> bool:
        """Whether a reliable answer is new and in order; it gets its PRACK (RFC 3262 section 4)."""
        number = (response.headers.get_first("rseq") or "").strip()
        if not number.isdecimal() or len(number) > 10 or not fork.peer.tag:
            return False
        if fork.reliable and int(number) != fork.reliable + 1:
            return False
        fork.reliable = int(number)
        headers = [f"RAck: {number} {asking.number} INVITE"]
        Asking(self, fork.peer, "PRACK", headers=headers, on_answer=lambda *_: None)
        return True

    def _adopt(self, fork: Fork) -> None:
        self.peer = fork.peer
        self.remote_tag = fork.peer.tag

    # 2xx

    def _on_accepted(self, asking: Asking, response: SipResponse) -> None:
        tag = tag_of(response.headers.get_first("to") or "")
        is_wanted = not self._is_cancelled and not self.has_ended
        if self.is_answered and tag == self.remote_tag:
            self._acknowledge_to(asking, self.peer)
        elif self.is_answered or not is_wanted:
            self._turn_away(asking, response)
        else:
            self._begin_call(asking, response)

    def _begin_call(self, asking: Asking, response: SipResponse) -> None:
        fork = self._fork_of(asking, response)
        self.is_answered = True
        self._attempts.left.clear()
        self._adopt(fork)
        self._acknowledge_to(asking, fork.peer)
        self._forks = {}
        self.session.agreed(response)
        if self.handler is not None:
            self.handler.accepted(sdp_of(response) or fork.sdp)

    def _turn_away(self, asking: Asking, response: SipResponse) -> None:
        """A 200 that nobody wants: of another fork, or one that our CANCEL came too late for."""
        peer = self._peer_of(asking, response)
        self._acknowledge_to(asking, peer)
        if peer.tag not in self._turned_away:
            self._turned_away.add(peer.tag)
            headers = [f"Reason: {self._reason}"] if self._reason else []
            Asking(self, peer, "BYE", headers=headers, on_answer=lambda *_: None)
        if not self.is_answered:
            self._over(487, response)

    def _acknowledge_to(self, asking: Asking, peer: Peer) -> None:
        asking.peer = peer
        self.acknowledge(asking)

    # 3xx to 6xx

    def _on_refused(self, response: SipResponse) -> None:
        code = response.status_code
        if self._is_cancelled:
            self._over(487, response)
        elif code == 422 and (longer := self.session.lengthened(response)):
            self._invite(longer)
        elif self._by_datagram is not None and code == UNSENT and is_made_up(response):
            destination, self._by_datagram = self._by_datagram, None
            self.agent.without_tcp.add((destination.host, destination.port))
            self._try(destination)
        else:
            if 300 <= code < 400:
                self._note_contacts(response)
                code = 480
            if code >= 600:
                self._attempts.left.clear()
            self._try_next(code, response)

    def _note_contacts(self, response: SipResponse) -> None:
        """Where a 3xx points, the likeliest first, as far as calls may go there."""
        attempts = self._attempts
        for value in sorted(response.headers.get("contact"), key=likelihood, reverse=True):
            target = split(value)[1]
            uri = read_uri(target)
            if uri is None or target in attempts.seen or len(attempts.seen) > MOST_REDIRECTS:
                continue
            attempts.seen.add(target)
            if self.agent.may_redirect(uri.host):
                # without our password: it was for whoever sent us there
                attempts.left.append(
                    Destination(target, uri.host, uri.port or 5060, uri.transport())
                )

    def _over(self, code: int, response: SipResponse) -> None:
        if self.has_ended:
            return
        headers = {name.lower(): values[0] for name, values in response.headers.items() if values}
        self.end()
        if self.handler is not None:
            self.handler.refused(code, headers)


def is_same(uri: SipUri, flow: Flow) -> bool:
    """Whether a URI names the address that a flow leads to."""
    return (
        uri.host == flow.host
        and (uri.port or 5060) == flow.port
        and uri.transport(flow.kind) == flow.kind
    )


def likelihood(contact: str) -> float:
    """The q of a Contact, 1 where it says none (RFC 3261 section 20.10)."""
    tail = contact[contact.rfind(">") + 1 :]
    for part in tail.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
