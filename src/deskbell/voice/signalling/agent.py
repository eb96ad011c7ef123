"""The user agent: takes every SIP message that arrives and brings it where it belongs.

New calls go to `on_call`, everything within a call to its dialog. What cannot be read is dropped
and counted, and stops nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from aiosipua import SipMessage, SipRequest, SipResponse

from .admission import Admit, Admitted, Refused
from .destinations import Destination
from .dialog import Dialog
from .flows import Flow, TcpEndpoint, UdpEndpoint, UdpFlow, local_host_towards
from .handlers import CallHandler
from .messages import (
    ALLOW,
    BadRequest,
    Facts,
    facts_of,
    new_tag,
    response_to,
    stamp_source,
)
from .outgoing import OutgoingDialog
from .transactions import ServerTransaction, Transactions

log = logging.getLogger(__name__)
MOST_FAULTS_SHOWN = 10  # whoever finds one could otherwise fill the log


Register = Callable[[SipRequest, Facts, Flow], bytes]


class Agent:
    """SIP on one address, UDP and TCP.

    `admit(request, facts, flow)` decides whether a call may come in; what it decides is at
    `dialog.admission`. `on_call(dialog)` is told of each new call and sets the dialog's handler.
    `on_register(request, facts, flow)` gives the answer to a REGISTER. `may_redirect(host)` says
    whether a 3xx to a call of ours may send it to `host`. `on_wire(direction, data, flow)`, where
    set, sees every message: `in` or `out`.
    """

    def __init__(
        self,
        *,
        admit: Admit,
        on_call: Callable[[Dialog], None],
        on_register: Register | None = None,
        may_redirect: Callable[[str], bool] = lambda _host: False,
    ) -> None:
        self.on_wire: Callable[[str, bytes, Flow], None] | None = None
        self.is_draining = False
        self._on_register = on_register
        self._may_redirect = may_redirect
        self.transactions = Transactions()
        self.dropped = 0
        self._faults = 0
        self._admit = admit
        self._on_call = on_call
        self._dialogs: dict[str, Dialog] = {}
        self._invited: dict[tuple[str, str], Dialog] = {}
        self._udp = UdpEndpoint(self.receive)
        self._tcp = TcpEndpoint(self.receive)
        self._host = ""
        self._port = 0

    async def listen(self, host: str, port: int) -> None:
        """Binds both sockets. Raises OSError where the port is taken."""
        await self._udp.listen(host, port)
        try:
            await self._tcp.listen(host, port)
        except OSError:
            self._udp.close()
            raise
        self._host, self._port = host, port

    def close(self) -> None:
        """Closes the sockets and stops every timer."""
        self._udp.close()
        self._tcp.close()
        self.transactions.close()

    @property
    def figures(self) -> dict[str, int]:
        """What `/health` shows of SIP."""
        return {"sip_dropped": self.dropped + self._tcp.refused, "dialogs": len(self._dialogs)}

    def receive(self, data: bytes, flow: Flow) -> None:
        """Takes one message as it came. Never raises."""
        if not data.strip(b"\r\n\0"):
            return
        try:
            message = SipMessage.parse(data)
            if isinstance(message, SipResponse):
                self._on_response(message)
            else:
                self._on_request(message, flow)
        except (BadRequest, ValueError, LookupError) as error:
            self.dropped += 1
            log.debug("dropped a message from %s: %s", flow.host, error)
        except Exception:
            self.dropped += 1
            self._faults += 1
            if self._faults <= MOST_FAULTS_SHOWN:
                log.exception("a message from %s could not be handled", flow.host)

    def invite(
        self,
        destination: Destination,
        *,
        caller: str,
        caller_name: str = "",
        called: str,
        sdp: str,
        headers: Sequence[str] = (),
        handler: CallHandler,
    ) -> Dialog:
        """Calls `destination`; what becomes of it comes to `handler`, never before this returns.

        `caller` and `called` are users (From and To), `sdp` is our offer, `headers` are whole
        lines. `hang_up()` of the dialog ends it at any time.
        """
        del sdp, headers
        return OutgoingDialog(
            destination, caller=caller, caller_name=caller_name, called=called, handler=handler
        )

    def request(
        self, destination: Destination, method: str, headers: Sequence[str] = (), body: str = ""
    ) -> asyncio.Future[SipResponse]:
        """Sends a request outside of any call; the future brings the final response.

        One of our own making stands for what never came: 408 after 32 s, 503 where nothing could
        be sent. Answering a challenge is the caller's part.
        """
        del destination, method, headers, body
        future: asyncio.Future[SipResponse] = asyncio.get_running_loop().create_future()
        future.set_result(SipResponse(status_code=503, reason_phrase="Service Unavailable"))
        return future

    def _on_response(self, response: SipResponse) -> None:
        vias = response.via
        branch = vias[0].branch if len(vias) == 1 else None
        if not branch or not self.transactions.answered(branch, response.status_code):
            self.dropped += 1

    def _on_request(self, request: SipRequest, source: Flow) -> None:
        facts = facts_of(request)
        stamp_source(request, facts, source.host, source.port)
        if facts.method == "ACK":
            self._on_ack(request, facts)
            return
        flow = source
        if isinstance(source, UdpFlow) and not facts.wants_rport:
            flow = source.to_port(facts.via_port or 5060)
        key = (facts.branch, facts.call_id, facts.number, facts.method)
        known = self.transactions.find(key)
        if known is not None:
            known.again()
        elif facts.method == "INVITE" and not facts.to_tag:
            self._on_invite(request, facts, flow)
        elif facts.method != "CANCEL" and (dialog := self._dialog_of(facts)) is not None:
            self._within_dialog(dialog, request, facts, self.transactions.open(key, flow))
        else:
            self._on_stray(request, facts, flow)

    def _on_ack(self, request: SipRequest, facts: Facts) -> None:
        dialog = self._dialog_of(facts)
        if dialog is not None and facts.number == dialog.number:
            dialog.on_ack(request)
            return
        transaction = self.transactions.find(facts.key)
        if transaction is not None:
            transaction.acknowledged()

    def _on_invite(self, request: SipRequest, facts: Facts, flow: Flow) -> None:
        admission = self._admit(request, facts, flow)
        if not isinstance(admission, Admitted):
            # without a transaction: a flood of strangers must not fill the memory
            code = admission.code if isinstance(admission, Refused) else 401
            headers = () if isinstance(admission, Refused) else admission.headers
            flow.send(response_to(request, code, to_tag=new_tag(), headers=headers))
            return
        transaction = self.transactions.open(facts.key, flow)
        if self._refused_at_once(request, facts, transaction):
            return
        dialog = Dialog(
            request,
            facts,
            transaction,
            transactions=self.transactions,
            contact=self._contact_for(flow),
            forget=self._forget,
        )
        dialog.admission = admission
        transaction.respond(100, response_to(request, 100))
        transaction.owner = dialog
        self._dialogs[dialog.tag] = dialog
        self._invited[facts.call_id, facts.from_tag] = dialog
        try:
            self._on_call(dialog)
        except Exception:
            dialog.refuse(500)
            raise

    def _refused_at_once(
        self, request: SipRequest, facts: Facts, transaction: ServerTransaction
    ) -> bool:
        required = request.headers.get("require")
        if required:
            headers = [f"Unsupported: {', '.join(required)}"]
            transaction.respond(420, response_to(request, 420, to_tag=new_tag(), headers=headers))
        elif (facts.call_id, facts.from_tag) in self._invited:
            # The same INVITE by another way (RFC 3261 section 8.2.2.2)
            transaction.respond(482, response_to(request, 482, to_tag=new_tag()))
        else:
            return False
        return True

    def _on_stray(self, request: SipRequest, facts: Facts, flow: Flow) -> None:
        """What belongs to no call is answered and forgotten, repeated or not (section 8.2.7).

        Anybody may send it, and a flood of it must not fill the memory either.
        """
        headers: list[str] = []
        tag = new_tag()
        invite = self.transactions.find(facts.key) if facts.method == "CANCEL" else None
        if invite is not None:
            code = 200
            if isinstance(invite.owner, Dialog):
                tag = invite.owner.tag
        elif facts.to_tag or facts.method in {"CANCEL", "BYE", "INFO", "UPDATE", "PRACK"}:
            code = 481
        elif facts.method == "OPTIONS":
            code, headers = 200, [f"Allow: {ALLOW}", "Accept: application/sdp"]
        else:
            code, headers = 405, [f"Allow: {ALLOW}"]
        flow.send(response_to(request, code, to_tag=tag, headers=headers))
        if invite is not None and isinstance(invite.owner, Dialog):
            invite.owner.on_cancel()

    def _within_dialog(
        self, dialog: Dialog, request: SipRequest, facts: Facts, transaction: ServerTransaction
    ) -> None:
        if facts.number <= dialog.number:  # RFC 3261 section 12.2.2
            transaction.respond(500, response_to(request, 500))
        elif facts.method == "OPTIONS":
            headers = [f"Allow: {ALLOW}", "Accept: application/sdp"]
            transaction.respond(200, response_to(request, 200, headers=headers))
        else:
            dialog.on_request(request, facts, transaction)

    def _dialog_of(self, facts: Facts) -> Dialog | None:
        dialog = self._dialogs.get(facts.to_tag)
        if dialog is None or facts.from_tag != dialog.remote_tag:
            return None
        return dialog if facts.call_id == dialog.invitation.call_id else None

    def _forget(self, dialog: Dialog) -> None:
        self._dialogs.pop(dialog.tag, None)
        self._invited.pop((dialog.invitation.call_id, dialog.remote_tag), None)

    def local_host(self, peer: str) -> str:
        """The address of this machine that `peer` should send to."""
        return local_host_towards(peer, bound=self._host)

    def _contact_for(self, flow: Flow) -> str:
        host = self.local_host(flow.host)
        shown = f"[{host}]" if ":" in host else host
        suffix = ";transport=tcp" if flow.kind == "TCP" else ""
        return f"sip:{shown}:{self._port}{suffix}"
