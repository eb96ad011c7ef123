"""The user agent: takes every SIP message that arrives and brings it where it belongs.

New calls go to `on_call`, everything within a call to its dialog, answers to the request of ours
that they answer. What cannot be read is dropped and counted, and stops nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from aiosipua import SipMessage, SipRequest, SipResponse

from .addresses import read_uri
from .admission import Admit, Admitted, Challenged, Refused
from .destinations import Destination
from .dialog import Dialog
from .dialogs.incoming import IncomingDialog
from .dialogs.outgoing import OutgoingDialog
from .flows import Flow, UdpFlow
from .handlers import CallHandler
from .invitations import ANONYMOUS, Invitation, invitation_of, replaced
from .messages import (
    BadRequest,
    Facts,
    check_form,
    facts_of,
    is_answerable,
    new_tag,
    response_to,
    stamp_source,
)
from .refusing import CAN_DO, Answer, answer_to_stray, refusal_of
from .requests import (
    WITHHELD,
    Peer,
    address,
    bare_request,
    identity_lines,
    new_branch,
    safe,
    safe_uri,
)
from .station import Station
from .transactions import ServerTransaction

log = logging.getLogger(__name__)
MOST_FAULTS_SHOWN: Final = 10  # whoever finds one could otherwise fill the log
logging.getLogger("aiosipua.message").setLevel(logging.ERROR)  # strangers could fill the log


Register = Callable[[SipRequest, Facts, Flow], bytes]


class Agent(Station):
    """SIP on one address, UDP and TCP.

    `admit(request, facts, flow)` decides whether a call may come in; what it decides is at
    `dialog.admission`. `on_call(dialog)` is told of each new call and sets the dialog's handler.
    `on_register(request, facts, flow)` gives the answer to a REGISTER. `may_redirect(host)` says
    whether a 3xx to a call of ours may send it to `host`. While it `is_draining`, new calls and
    OPTIONS get 503, so that a proxy in front sends them elsewhere.
    """

    def __init__(
        self,
        *,
        admit: Admit,
        on_call: Callable[[Dialog], None],
        on_register: Register | None = None,
        may_redirect: Callable[[str], bool] = lambda _host: False,
    ) -> None:
        super().__init__(self.receive)
        self.is_draining = False
        self.dropped = 0
        self._faults = 0
        self._admit = admit
        self._on_call = on_call
        self._on_register = on_register
        self._may_redirect = may_redirect
        self._dialogs: dict[str, Dialog] = {}
        self._invited: dict[tuple[str, str], Dialog] = {}
        self._number = 0  # CSeq of requests outside of calls

    @property
    def figures(self) -> dict[str, int]:
        """What `/health` shows of SIP."""
        return {"sip_dropped": self.dropped + self._tcp.refused, "dialogs": len(self._dialogs)}

    # Calls and requests of ours

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
        is_private: bool = False,
        identity: str = "",
    ) -> Dialog:
        """Calls `destination`; what becomes of it comes to `handler`, never before this returns.

        `caller` and `called` are users (From and To), `sdp` is our offer, `headers` are whole
        lines. P-Asserted-Identity is the caller, or the user `identity`. A caller who `is_private`
        (or is `anonymous`) is withheld: From names nobody, Privacy is `id`, and only an explicit
        `identity` is asserted. `hang_up()` of the dialog ends the call at any time.
        """
        is_private = is_private or caller == ANONYMOUS
        host = self.local_host(destination.host)
        domain = destination.domain or host
        shown = WITHHELD if is_private else address(caller, domain, caller_name)
        call_id = f"{new_tag()}@{host}"
        ours = self.self_towards(host, f"{shown};tag={new_tag()}", call_id, destination.transport)
        uri = read_uri(destination.uri)
        invitation = Invitation(
            call_id=call_id,
            source=destination.host,
            caller=caller,
            caller_name=caller_name,
            called=called,
            forwarded_from="",
            offer="",
        )
        lines = identity_lines(
            caller, domain, caller_name, identity=identity, is_private=is_private
        )
        dialog = OutgoingDialog(
            self,
            destination,
            ours,
            invitation,
            to=address(called, uri.host if uri is not None else destination.host),
            sdp=sdp,
            headers=[*lines, *map(safe, headers)],
            handler=handler,
        )
        self._dialogs[dialog.tag] = dialog
        dialog.begin()
        return dialog

    def request(
        self, destination: Destination, method: str, headers: Sequence[str] = (), body: str = ""
    ) -> asyncio.Future[SipResponse]:
        """Sends a request outside of any call; the future brings the final response.

        `headers` are whole lines; From, To, Call-ID, CSeq, Contact and Content-Type among them
        stand for ours. An answer of our own making, without headers, stands for what never came:
        408 after 32 s, 503 where nothing could be sent. Challenges are the caller's to answer.
        """
        host = self.local_host(destination.host)
        self._number += 1
        flow = self.flow_of(destination)
        peer = Peer(
            flow, safe_uri(destination.uri), f"<{safe_uri(destination.uri)}>", destination.route
        )
        local = f"{address('', destination.domain or host)};tag={new_tag()}"
        ours = self.self_towards(host, local, f"{new_tag()}@{host}", flow.kind)
        future: asyncio.Future[SipResponse] = asyncio.get_running_loop().create_future()

        def settle(response: SipResponse) -> None:
            if response.status_code >= 200 and not future.done():
                future.set_result(response)

        branch = new_branch()
        data = bare_request(
            method, ours, peer, branch=branch, number=self._number, headers=headers, body=body
        )
        self.transactions.send((branch, method), flow, data, on_answer=settle)
        return future

    def dialog_of(self, replaces: str) -> Dialog | None:
        """The call of ours that a Replaces value means (RFC 3891 section 3), or None.

        Calls that come in and are not answered yet cannot be replaced.
        """
        found = replaced(replaces)
        if found is None:
            return None
        call_id, to_tag, from_tag, is_early_only = found
        dialog = self._dialogs.get(to_tag)
        if dialog is None or not dialog.is_with(from_tag, call_id):
            return None
        may_be = not is_early_only if dialog.is_answered else dialog.is_outgoing
        return dialog if may_be else None

    # What dialogs need (ways.Ways)

    def may_redirect(self, host: str) -> bool:
        """Whether a 3xx may send a call of ours to `host`."""
        return self._may_redirect(host)

    def adopt(self, dialog: Dialog) -> None:
        """The dialog was begun by another process (`dialogs.keeping`), and goes on here."""
        self._dialogs[dialog.tag] = dialog

    def forget(self, dialog: Dialog) -> None:
        """The dialog has ended."""
        self._dialogs.pop(dialog.tag, None)
        if not dialog.is_outgoing:
            self._invited.pop((dialog.invitation.call_id, dialog.remote_tag), None)

    # What comes in

    def receive(self, data: bytes, flow: Flow) -> None:
        """Takes one message as it came. Never raises."""
        if not data.strip(b"\r\n\0"):
            return
        try:
            if self._on_wire is not None:
                self._on_wire("in", data, flow)
            message = SipMessage.parse(data)
            if isinstance(message, SipResponse):
                self._on_response(message)
            else:
                self._on_bare_request(data, message, flow)
        except (BadRequest, ValueError, LookupError) as error:
            self.dropped += 1
            log.debug("dropped a message from %s: %s", flow.host, error)
        except Exception:
            self.dropped += 1
            self._faults += 1
            if self._faults <= MOST_FAULTS_SHOWN:
                log.exception("a message from %s could not be handled", flow.host)

    def _on_response(self, response: SipResponse) -> None:
        vias, order = response.via, response.headers.get("cseq")
        branch = vias[0].branch if len(vias) == 1 else None
        method = order[0].split()[-1] if order and order[0].strip() else ""
        if not branch or not self.transactions.answered((branch, method), response):
            self.dropped += 1

    def _on_bare_request(self, data: bytes, request: SipRequest, source: Flow) -> None:
        try:
            check_form(data, request)
            facts = facts_of(request)
        except BadRequest as error:
            if is_answerable(request):
                source.send(response_to(request, error.code, to_tag=new_tag()))
            raise
        self._on_request(request, facts, source)

    def _on_request(self, request: SipRequest, facts: Facts, source: Flow) -> None:
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
        if dialog is not None and facts.number == dialog.invite_number:
            dialog.on_ack(request)
            return
        transaction = self.transactions.find(facts.key)
        if transaction is not None:
            transaction.acknowledged()

    def _on_invite(self, request: SipRequest, facts: Facts, flow: Flow) -> None:
        admission = Refused(503) if self.is_draining else self._admit(request, facts, flow)
        if not isinstance(admission, Admitted):
            # without a transaction: a flood of strangers must not fill the memory
            answer: Answer = (
                (401, admission.headers)
                if isinstance(admission, Challenged)
                else (admission.code, ())
            )
            flow.send(response_to(request, answer[0], to_tag=new_tag(), headers=answer[1]))
            return
        transaction = self.transactions.open(facts.key, flow)
        refusal = self._refusal(request, facts)
        if refusal is not None:
            code, headers = refusal
            data = response_to(request, code, to_tag=new_tag(), headers=headers)
            transaction.respond(code, data)
            return
        dialog = self._new_dialog(request, facts, transaction, admission)
        transaction.respond(100, response_to(request, 100))
        try:
            self._on_call(dialog)
        except Exception:
            dialog.refuse(500)
            raise

    def _new_dialog(
        self,
        request: SipRequest,
        facts: Facts,
        transaction: ServerTransaction,
        admission: Admitted,
    ) -> Dialog:
        flow = transaction.flow
        ours = self.self_towards(self.local_host(flow.host), "", facts.call_id, flow.kind)
        invitation = invitation_of(
            request,
            call_id=facts.call_id,
            source=flow.host,
            is_trusted=bool(admission.trunk),
        )
        dialog = IncomingDialog(
            self,
            request,
            transaction,
            invitation,
            number=facts.number,
            contact=ours.contact,
            sent_by=ours.sent_by,
        )
        dialog.admission = admission
        transaction.owner = dialog
        self._dialogs[dialog.tag] = dialog
        self._invited[facts.call_id, facts.from_tag] = dialog
        return dialog

    def _refusal(self, request: SipRequest, facts: Facts) -> Answer | None:
        refusal = refusal_of(request)
        if refusal is not None:
            return refusal
        if (facts.call_id, facts.from_tag) in self._invited:
            # The same INVITE by another way (RFC 3261 section 8.2.2.2)
            return 482, ()
        replaces = request.headers.get_first("replaces")
        return (481, ()) if replaces and self.dialog_of(replaces) is None else None

    def _on_stray(self, request: SipRequest, facts: Facts, flow: Flow) -> None:
        """What belongs to no call is answered and forgotten, repeated or not (section 8.2.7).

        Anybody may send it, and a flood of it must not fill the memory either.
        """
        invite = self.transactions.find(facts.key) if facts.method == "CANCEL" else None
        owner = invite.owner if invite is not None else None
        if invite is not None:
            tag = owner.tag if isinstance(owner, Dialog) else new_tag()
            flow.send(response_to(request, 200, to_tag=tag))
        elif facts.method == "REGISTER" and self._on_register is not None and not facts.to_tag:
            self._register(request, facts, flow)
        else:
            code, headers = answer_to_stray(request, facts, is_draining=self.is_draining)
            flow.send(response_to(request, code, to_tag=new_tag(), headers=headers))
        if isinstance(owner, Dialog):
            owner.on_cancel()

    def _register(self, request: SipRequest, facts: Facts, flow: Flow) -> None:
        if self._on_register is None:
            return
        data = self._on_register(request, facts, flow)
        if data.startswith(b"SIP/2.0 2"):  # repeated where it got lost: a nonce is good once
            self.transactions.open(facts.key, flow).respond(200, data)
        else:
            flow.send(data)

    def _within_dialog(
        self, dialog: Dialog, request: SipRequest, facts: Facts, transaction: ServerTransaction
    ) -> None:
        if facts.number <= dialog.number:  # RFC 3261 section 12.2.2
            transaction.respond(500, response_to(request, 500))
        elif facts.method == "OPTIONS":
            transaction.respond(200, response_to(request, 200, headers=CAN_DO))
        else:
            dialog.on_request(request, facts, transaction)

    def _dialog_of(self, facts: Facts) -> Dialog | None:
        dialog = self._dialogs.get(facts.to_tag)
        if dialog is None or not dialog.is_with(facts.from_tag, facts.call_id):
            return None
        return dialog
