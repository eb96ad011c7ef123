"""Calls that are to go somewhere else: REFER out and in, and the NOTIFYs that tell how it went.

Source: RFC 3515, RFC 4488 (no NOTIFY where none is wanted), RFC 3892 (Referred-By).
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiosipua import SipRequest, SipResponse

from ..messages import reason_of
from ..requests import safe_uri
from ..transactions import ServerTransaction
from .asking import Asking

if TYPE_CHECKING:
    from ..dialog import Dialog

SIPFRAG: Final = "message/sipfrag;version=2.0"
NOTIFY_SECONDS: Final = 60.0
EXPIRES: Final = 60


@dataclass(frozen=True, slots=True)
class ReferOutcome:
    """What became of a REFER of ours: its own answer, and what the last NOTIFY said (0: none)."""

    code: int
    notify_code: int = 0


@dataclass(slots=True)
class _Asked:
    """A REFER of ours."""

    answered: asyncio.Future[int]
    told: asyncio.Future[int]
    last: int = 0


def code_in(fragment: str) -> int:
    """The status code of a sipfrag (RFC 3420), 0 where it has none."""
    found = re.match(r"\s*SIP/2\.0\s+(\d{3})\b", fragment)
    return int(found.group(1)) if found else 0


def referred_to(request: SipRequest) -> str:
    """The URI of Refer-To with its headers (Replaces among them), empty where it has not one."""
    values = [*request.headers.get("refer-to"), *request.headers.get("r")]
    if len(values) != 1:
        return ""
    value = values[0]
    found = re.search(r"<([^<>]+)>", value)
    uri = found.group(1) if found else value.partition(";")[0]
    return uri.strip() if re.match(r"\s*(sips?|tel):", uri, re.IGNORECASE) else ""


class Transfers:
    """The REFERs of one dialog: at most one of ours, and the last of the peer's."""

    __slots__ = ("_asked", "_dialog", "_event", "_wants_news")

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._asked: _Asked | None = None
        self._event = ""
        self._wants_news = False

    # Ours

    async def refer(self, to: str, *, referred_by: str) -> ReferOutcome:
        """Asks the peer to call `to`; waits for what comes of it, at most a minute."""
        if self._asked is not None or self._dialog.has_ended:
            return ReferOutcome(491 if self._asked is not None else 481)
        loop = asyncio.get_running_loop()
        asked = self._asked = _Asked(loop.create_future(), loop.create_future())
        headers = [f"Refer-To: <{safe_uri(to)}>", f"Contact: <{self._dialog.ours.contact}>"]
        if referred_by:
            headers.append(f"Referred-By: <{safe_uri(referred_by)}>")
        self._dialog.ask("REFER", headers=headers, on_answer=self._on_answer)
        try:
            code = await asked.answered
            if code < 300:
                async with asyncio.timeout(NOTIFY_SECONDS):
                    await asked.told
        except TimeoutError:
            pass
        finally:
            self._asked = None
        return ReferOutcome(code, asked.last)

    def _on_answer(self, _asking: Asking, response: SipResponse) -> None:
        asked, code = self._asked, response.status_code
        if code >= 200 and asked is not None and not asked.answered.done():
            asked.answered.set_result(code)
        if code >= 300:
            self._dialog.judge(response)

    def on_notify(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """News of a REFER of ours; it may come before the REFER's own answer."""
        event = (request.headers.get_first("event") or request.headers.get_first("o") or "").lower()
        asked = self._asked
        if event.partition(";")[0].strip() != "refer":
            self._dialog.reply(request, transaction, 489, ["Allow-Events: refer"])
            return
        if asked is None:
            self._dialog.reply(request, transaction, 481)
            return
        self._dialog.reply(request, transaction, 200)
        asked.last = code_in(request.text) or asked.last
        state = (request.headers.get_first("subscription-state") or "").lower()
        is_over = asked.last >= 200 or state.startswith("terminated")
        if is_over and not asked.told.done():
            asked.told.set_result(asked.last)

    # Theirs

    def on_refer(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """The peer wants us to call somebody."""
        dialog, to = self._dialog, referred_to(request)
        if not to or dialog.handler is None or not dialog.is_answered:
            dialog.reply(request, transaction, 603 if to else 400)
            return
        code = dialog.handler.referred(to)
        wants_news = "false" not in (request.headers.get_first("refer-sub") or "").lower()
        headers = [f"Contact: <{dialog.ours.contact}>"]
        if not wants_news and code < 300:
            headers.append("Refer-Sub: false")
        dialog.reply(request, transaction, code, headers)
        if code < 300:
            self._wants_news = wants_news
            self._event = f"refer;id={dialog.number}"
            self.notify(100)

    def notify(self, code: int) -> None:
        """Tells the peer how the call goes that it asked for; a final code ends the telling."""
        if not self._wants_news or self._dialog.has_ended:
            return
        is_last = code >= 200
        self._wants_news = not is_last
        state = "terminated;reason=noresource" if is_last else f"active;expires={EXPIRES}"
        self._dialog.ask(
            "NOTIFY",
            headers=[
                f"Event: {self._event}",
                f"Subscription-State: {state}",
                f"Contact: <{self._dialog.ours.contact}>",
            ],
            body=f"SIP/2.0 {code} {reason_of(code)}\r\n",
            kind=SIPFRAG,
            on_answer=self._on_told,
        )

    def _on_told(self, _asking: Asking, response: SipResponse) -> None:
        if response.status_code >= 300:
            self._wants_news = False

    def close(self) -> None:
        """The call is over: what was asked stays as far as it came."""
        asked = self._asked
        if asked is not None:
            for future, value in ((asked.answered, 481), (asked.told, asked.last)):
                if not future.done():
                    future.set_result(value)
