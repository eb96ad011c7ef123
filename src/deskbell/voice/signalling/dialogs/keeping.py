"""A dialog in another process: what of it is kept on disk, and how it goes on, or is given up.

Requests within a dialog need its tags, route set and a growing CSeq (RFC 3261 section 12); a CANCEL
the branch of its INVITE (9.1); the answer to an INVITE the whole INVITE (8.2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aiosipua import SipMessage, SipRequest

from ..dialog import Dialog, listening_port
from ..invitations import Invitation
from ..messages import facts_of, response_to
from ..requests import Peer, Self, written
from .incoming import IncomingDialog
from .outgoing import OutgoingDialog

if TYPE_CHECKING:
    from ..agent import Agent

NUMBERS_AHEAD: Final = 100  # requests that were sent since it was last kept
GONE: Final = 503


@dataclass(frozen=True, slots=True)
class KeptDialog:
    """One dialog as it stood.

    `host`, `port` and `kind` are the way to the peer, `local`, `contact` and `sent_by` our side.
    `number` is the peer's last CSeq, `own_number` ours. Of a call that is not answered `branch` is
    our INVITE's, or `invite` the whole of theirs. `session` is the session timer's seconds, and
    whether we refresh.
    """

    call_id: str
    local: str
    contact: str
    sent_by: str
    remote: str
    target: str
    routes: tuple[str, ...]
    host: str
    port: int
    kind: Literal["UDP", "TCP"]
    number: int
    own_number: int
    is_answered: bool
    knows_update: bool
    account: tuple[str, str]
    session: tuple[int, bool]
    branch: str = ""
    invite: str = ""

    @classmethod
    def of(cls, dialog: Dialog) -> KeptDialog:
        """The dialog now."""
        ours, peer = dialog.ours, dialog.peer
        branch, invite = "", ""
        if isinstance(dialog, OutgoingDialog):
            branch = dialog.branch_to_cancel
        elif isinstance(dialog, IncomingDialog):
            invite = dialog.unanswered
        return cls(
            call_id=ours.call_id,
            local=ours.local,
            contact=ours.contact,
            sent_by=ours.sent_by,
            remote=peer.remote,
            target=peer.target,
            routes=peer.routes,
            host=peer.flow.host,
            port=peer.flow.port,
            kind=peer.flow.kind,
            number=dialog.number,
            own_number=dialog.own_number,
            is_answered=dialog.is_answered and not invite,
            knows_update=dialog.knows_update,
            account=dialog.account,
            session=(dialog.session.seconds, dialog.session.is_ours),
            branch=branch,
            invite=invite,
        )

    def sides(self, agent: Agent) -> tuple[Self, Peer]:
        """Ours and theirs, with a way to the peer: a broken connection is opened anew."""
        ours = Self(self.local, self.call_id, self.contact, self.sent_by)
        port = self.port
        if self.kind == "TCP":
            port = listening_port(self.target, self.routes, self.host)
        flow = agent.flow_to(self.host, port, self.kind)
        return ours, Peer(flow, self.target, self.remote, tuple(self.routes))


def take_up(agent: Agent, kept: KeptDialog) -> Dialog:
    """The dialog of an answered call, which goes on here from now on."""
    _, peer = kept.sides(agent)
    ours = agent.self_towards(agent.local_host(kept.host), kept.local, kept.call_id, peer.flow.kind)
    invitation = Invitation(kept.call_id, kept.host, "", "", "", "", "")
    dialog = Dialog(agent, ours, peer, invitation, number=kept.number)
    dialog.is_answered = True
    dialog.own_number = kept.own_number + NUMBERS_AHEAD
    dialog.knows_update = kept.knows_update
    dialog.account = (kept.account[0], kept.account[1])
    dialog.session.seconds, dialog.session.is_ours = kept.session
    agent.adopt(dialog)
    return dialog


def give_up(agent: Agent, kept: KeptDialog) -> None:
    """Ends a call that nobody goes on with: BYE, CANCEL, or 503 for who waits for an answer."""
    if kept.is_answered:
        take_up(agent, kept).hang_up()
    elif kept.branch:
        ours, peer = kept.sides(agent)
        data = written("CANCEL", ours, peer, branch=kept.branch, number=kept.own_number)
        key = kept.branch, "CANCEL"
        agent.transactions.send(key, peer.flow, data, on_answer=lambda _response: None)
    elif kept.invite:
        _refuse(agent, kept)


def _refuse(agent: Agent, kept: KeptDialog) -> None:
    request = SipMessage.parse(kept.invite.encode())
    if not isinstance(request, SipRequest):
        return
    ours, peer = kept.sides(agent)
    transaction = agent.transactions.open(facts_of(request).key, peer.flow)
    tag = ours.local.rpartition(";tag=")[2]
    transaction.respond(GONE, response_to(request, GONE, to_tag=tag))
