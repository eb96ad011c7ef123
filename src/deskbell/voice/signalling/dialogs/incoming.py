"""The dialog of a call that comes in: from its INVITE to our answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiosipua import SipRequest

from ..dialog import Dialog
from ..invitations import Invitation
from ..messages import allows, has_option, new_tag, requires, response_to
from ..requests import Peer, Self, target_of
from ..transactions import ServerTransaction
from ..ways import Ways
from .reliable import ReliableAnswers

NO_PRACK: Final = 504
_ANSWERED: Final = SipRequest()  # a request is 5 KB, and calls are many


class IncomingDialog(Dialog):
    """A call from the peer that sent `request`."""

    def __init__(
        self,
        agent: Ways,
        request: SipRequest,
        transaction: ServerTransaction,
        invitation: Invitation,
        *,
        number: int,
        contact: str,
        sent_by: str,
    ) -> None:
        get = request.headers.get
        ours = Self(f"{get('to')[0]};tag={new_tag()}", invitation.call_id, contact, sent_by)
        peer = Peer(
            transaction.flow, target_of(request), get("from")[0], tuple(get("record-route"))
        )
        super().__init__(agent, ours, peer, invitation, number=number)
        self.knows_update = allows(request, "UPDATE")
        self._request = request
        self._transaction = transaction
        self._reliable: ReliableAnswers | None = None
        self._is_sent = False

    @property
    def unanswered(self) -> str:
        """The INVITE, as long as nothing final was said to it; else empty."""
        return "" if self._is_sent or self.has_ended else self._request.serialize()

    def ring(self) -> None:
        """Sends 180 while the call is not answered."""
        if not self.is_answered and not self.has_ended:
            self._provide(180, "", is_reliable=requires(self._request, "100rel"))

    def early(self, sdp: str) -> None:
        """Sends 183 with our answer, reliably where the caller can."""
        if self.is_answered or self.has_ended:
            return
        is_reliable = has_option(self._request, "100rel")
        if not sdp or not (is_reliable or self.invitation.offer):
            self.ring()
            return
        self.offers.said = sdp
        self.offers.is_pending = not self.invitation.offer
        self._provide(183, sdp, is_reliable=is_reliable)

    def answer(self, sdp: str) -> None:
        """Sends 200, once no description of ours is on its way."""
        if self.is_answered or self.has_ended:
            return
        self.is_answered = True
        if self._reliable is None:
            self._accept(sdp)
        else:
            self._reliable.when_clear(lambda: self._accept(sdp))

    def refuse(self, code: int, headers: Sequence[str] = ()) -> None:
        """Refuses the call."""
        if not self.is_answered and not self.has_ended:
            self._respond(code, headers)
            self.end()

    def give_up(self, _reason: str = "") -> None:
        """We stop before we answered."""
        self.refuse(480)

    def hang_up(self, reason: str = "") -> None:
        """Ends the call; one whose 200 waits for a PRACK was not answered yet."""
        if self.is_answered and not self._is_sent and not self.has_ended:
            self.is_answered = False
        super().hang_up(reason)

    def end(self) -> None:
        """Stops every timer and has the agent forget the call."""
        if self._reliable is not None:
            self._reliable.stop()
        super().end()

    def on_ack(self, request: SipRequest) -> None:
        """The caller has our 200; nothing else is answered to its INVITE, which is let go."""
        if self._is_sent:
            self._request = _ANSWERED
            super().on_ack(request)

    def on_cancel(self) -> None:
        """The caller gave up before our 200 was sent."""
        if not self._is_sent and not self.has_ended:
            self._respond(487)
            self.leave("cancelled")

    def on_prack(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """The caller has our provisional answer."""
        if self._reliable is None:
            super().on_prack(request, transaction)
        else:
            self._reliable.on_prack(request, transaction)

    def provisional(self, code: int, sdp: str, headers: Sequence[str] = ()) -> bytes:
        """Sends a provisional answer; the bytes, to be repeated."""
        lines = [*self.capability_lines(), *headers]
        data = response_to(self._request, code, to_tag=self.tag, headers=lines, body=sdp)
        self._transaction.respond(code, data)
        return data

    def unpracked(self) -> None:
        """A reliable answer of ours had no PRACK in 32 s (RFC 3262 section 3)."""
        self.is_answered = False
        self._respond(NO_PRACK)
        self.leave("unacknowledged")

    def _provide(self, code: int, sdp: str, *, is_reliable: bool) -> None:
        if not is_reliable:
            self.provisional(code, sdp)
            return
        if self._reliable is None:
            self._reliable = ReliableAnswers(self)
        self._reliable.send(code, sdp)

    def _accept(self, sdp: str) -> None:
        """Sends the 200; a description that was agreed on reliably is not said again (RFC 6337)."""
        if self.has_ended:
            return
        self._is_sent = True
        is_agreed = self._reliable is not None and self._reliable.has_agreed
        if not is_agreed:
            self.offers.is_pending = not self.invitation.offer
        self.accept(self._request, self._transaction, "" if is_agreed else sdp)

    def _on_bye(self, request: SipRequest, transaction: ServerTransaction) -> None:
        self.reply(request, transaction, 200)
        if not self._is_sent and not self.has_ended:
            self._respond(487)
        self.leave("bye")

    def _respond(self, code: int, headers: Sequence[str] = ()) -> None:
        data = response_to(self._request, code, to_tag=self.tag, headers=headers)
        self._transaction.respond(code, data)
