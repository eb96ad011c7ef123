"""Offers within a call, both ways: re-INVITE and UPDATE (RFC 3261 section 14, RFC 3311, RFC 6337).

One offer at a time. Where both sides begin one together, both are refused with 491 and try again
after a time of their own.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from aiosipua import SipRequest, SipResponse

from ..bodies import sdp_of
from ..messages import ALLOW, SUPPORTED, response_to
from ..transactions import ServerTransaction
from .asking import Asking
from .refreshing import SHORTEST, is_too_short

if TYPE_CHECKING:
    from ..dialog import Dialog

Outcome = tuple[int, str]
GONE: Final[Outcome] = (481, "")
MOST_GLARES: Final = 4
ACK_SECONDS: Final = 32.0


class Offers:
    """The offers of one dialog. `said` is what we described last, for refreshes."""

    __slots__ = ("_dialog", "_inviting", "_refreshing", "_turn", "_waiting", "is_pending", "said")

    def __init__(self, dialog: Dialog) -> None:
        self.said = ""
        self.is_pending = False  # an offer of ours waits for its answer in an ACK or PRACK
        self._dialog = dialog
        self._inviting: Asking | None = None
        self._waiting: asyncio.Future[Outcome] | None = None
        self._turn: asyncio.Lock | None = None
        self._refreshing: asyncio.Task[None] | None = None

    # Theirs

    def on_invite(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """A re-INVITE: an offer, or a wish for one of ours, or a refresh."""
        dialog, offer = self._dialog, sdp_of(request)
        refusal = self._refusal(request, is_offer=True)
        answer = None if refusal else self._answer(offer)
        if refusal:
            code, headers = refusal
            dialog.reply(request, transaction, code, headers)
        elif answer is None:
            dialog.reply(request, transaction, 488)
        else:
            self.is_pending = not offer
            dialog.invite_number = dialog.number
            dialog.accept(request, transaction, answer)

    def on_update(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """An UPDATE: an offer, or a refresh where it has none."""
        dialog, offer = self._dialog, sdp_of(request)
        refusal = self._refusal(request, is_offer=bool(offer))
        answer = self._answer(offer) if offer and not refusal else ""
        if refusal:
            code, headers = refusal
            dialog.reply(request, transaction, code, headers)
        elif answer is None:
            dialog.reply(request, transaction, 488)
        else:
            headers = dialog.capability_lines()
            headers += dialog.session.answer(request) if dialog.is_answered else []
            data = response_to(request, 200, to_tag=dialog.tag, headers=headers, body=answer)
            transaction.respond(200, data)

    def _answer(self, offer: str) -> str | None:
        handler = self._dialog.handler
        answer = handler.offered(offer) if handler is not None else None
        if answer:
            self.said = answer
        return answer

    def _refusal(self, request: SipRequest, *, is_offer: bool) -> tuple[int, list[str]] | None:
        dialog = self._dialog
        if is_too_short(request):
            return 422, [f"Min-SE: {SHORTEST}"]
        if is_offer and (self._inviting is not None or self.is_pending):
            return 491, []
        if is_offer and not dialog.is_answered and not self.said:
            return 500, [f"Retry-After: {secrets.randbelow(10)}"]  # RFC 3311 section 5.2
        return None

    # Ours

    async def offer(self, sdp: str) -> Outcome:
        """Offers `sdp` by re-INVITE; the final code, and the peer's answer with a 2xx."""
        if self._turn is None:
            self._turn = asyncio.Lock()
        async with self._turn:
            for _ in range(MOST_GLARES):
                if not await self._dialog.confirmed(within=ACK_SECONDS):
                    return GONE
                outcome = await self._invited(sdp)
                if outcome[0] != 491:
                    return outcome
                await asyncio.sleep(self._own_time())
            return outcome

    def _own_time(self) -> float:
        """How long to wait after both began: whoever made the Call-ID waits longer (14.1)."""
        tenths = (
            secrets.randbelow(191) + 210 if self._dialog.is_outgoing else secrets.randbelow(201)
        )
        return tenths / 100

    async def _invited(self, sdp: str) -> Outcome:
        dialog = self._dialog
        if dialog.has_ended or not dialog.is_answered:
            return GONE
        waiting = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._invite(sdp, dialog.session.lines())
        try:
            outcome: Outcome = await waiting
        finally:
            self._waiting = None
        if outcome[0] < 300:
            self.said = sdp
        return outcome

    def _invite(self, sdp: str, lines: Sequence[str]) -> None:
        self._inviting = self._dialog.ask(
            "INVITE",
            headers=[*self._dialog.capability_lines(), *lines],
            body=sdp,
            on_answer=lambda asking, response: self._on_answer(asking, response, sdp),
        )

    def _on_answer(self, asking: Asking, response: SipResponse, sdp: str) -> None:
        dialog, code = self._dialog, response.status_code
        if code < 200:
            return
        if code < 300:
            dialog.acknowledge(asking)
        if asking is not self._inviting:
            return  # it came again
        self._inviting = None
        if code < 300:
            if dialog.session.seconds:
                dialog.session.agreed(response)
            self._settle((code, sdp_of(response)))
        elif (
            code == 422 and not dialog.has_ended and (longer := dialog.session.lengthened(response))
        ):
            self._invite(sdp, longer)
        else:
            self._settle((code, ""))
            dialog.judge(response)

    def _settle(self, outcome: Outcome) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(outcome)

    # Refreshes of ours

    def refresh(self) -> None:
        """Keeps the session alive: UPDATE, or INVITE with what we said last (RFC 4028, 7.4)."""
        dialog = self._dialog
        if dialog.knows_update:
            lines = [*dialog.capability_lines(), *dialog.session.lines()]
            dialog.ask("UPDATE", headers=lines, on_answer=self._on_refreshed)
        elif self.said:
            loop = asyncio.get_running_loop()
            self._refreshing = loop.create_task(self._refresh_by_invite())

    async def _refresh_by_invite(self) -> None:
        code, _ = await self.offer(self.said)
        if code >= 300:
            self._dialog.session.try_later(soon())

    def _on_refreshed(self, _asking: Asking, response: SipResponse) -> None:
        dialog, code = self._dialog, response.status_code
        if code < 200 or dialog.has_ended:
            return
        if code < 300:
            dialog.session.agreed(response)
        elif code == 422 and dialog.session.lengthened(response):
            dialog.session.try_later(0)
        elif not dialog.judge(response):
            dialog.session.try_later(soon())

    def close(self) -> None:
        """The call is over: nobody will answer."""
        self._settle(GONE)


def soon() -> float:
    """Seconds until a refresh that was refused is tried again."""
    return 2.0 + secrets.randbelow(200) / 100


def capabilities(contact: str) -> list[str]:
    """The lines that tell a peer how to reach us and what we can do."""
    return [f"Contact: <{contact}>", f"Allow: {ALLOW}", f"Supported: {SUPPORTED}"]
