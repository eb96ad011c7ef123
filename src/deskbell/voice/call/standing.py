"""How one call stands: whose it is, its status, who watches it, where it was sent to."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, cast

from deskbell.foundation import clock
from deskbell.foundation.sids import new_sid

from ..configuration import Configuration
from ..trace import Trace
from .events import CallEnded, Changed, Direction, Origin, Redirected, Status, Told
from .inbox import Inbox
from .particulars import Particulars
from .services import Services
from .status import OVER

if TYPE_CHECKING:
    from .call import Call


class Standing:
    """The part of a call that knows nothing of signalling and audio."""

    def __init__(
        self,
        services: Services,
        configuration: Configuration,
        particulars: Particulars,
        *,
        direction: Direction,
        parent: Call | None,
        account: str,
    ) -> None:
        self.sid = new_sid("CA")
        self.trace = Trace(self.sid)
        self.services = services
        self.configuration = configuration
        self.particulars = particulars
        self.direction: Direction = direction
        self.parent = parent
        self.account = account or configuration.account_sid
        self.ended = ""
        self.sip_code = 0
        self.answered_by = ""
        self.payer = self.account  # whose limits it counts for; the deployment's for its staff
        self.is_metered = False  # it goes through a trunk, and counts for the payer's limit
        self.next_step = Origin()  # what is asked once the present verb is done; no URL: nothing
        self.end_callback = Origin()  # where the end of a call out is told; no URL: nowhere
        self.extra: dict[str, str] = {}  # more parameters for every request, as ReferTarget
        self.fallback: Origin | None = None
        self.page_times: deque[float] = deque()
        self.finishing = ("", 0.0)  # keys that may still come to end what is complete, until when
        self.on_change: Callable[[Call], None] | None = None
        self.on_redirect: Callable[[], None] | None = None
        self.began = clock.now()
        self.ended_on: datetime | None = None
        self.began_at = time.monotonic()
        self.answered_at = 0.0
        self.ended_at = 0.0
        self._status: Status = "ringing" if direction == "inbound" else "queued"
        self._inbox = Inbox()
        self._over = asyncio.Event()
        self._redirection: Origin | None = None
        self._watchers: list[Standing] = []

    @property
    def _call(self) -> Call:
        """The whole that this is a part of."""
        return cast("Call", self)

    # Facts

    @property
    def status(self) -> Status:
        """How the call stands, in RCML's words."""
        return self._status

    @property
    def is_over(self) -> bool:
        """Whether the call has come to its end."""
        return self._status in OVER

    @property
    def is_outgoing(self) -> bool:
        """Whether we called."""
        return self.direction != "inbound"

    @property
    def seconds(self) -> float:
        """How long the conversation is, or was; 0 without an answer."""
        if not self.answered_at:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.answered_at

    def fields(self) -> dict[str, str]:
        """The parameters of every request about this call (RCML reference, section 2)."""
        found = {
            "CallSid": self.sid,
            "AccountSid": self.account,
            "CallStatus": self._status,
            "Direction": self.direction,
            "ApiVersion": "2012-04-24",
            "CallTimestamp": format_datetime(self.began, usegmt=True),
            **self.particulars.fields(),
        }
        told = {
            "ParentCallSid": self.parent.sid if self.parent is not None else "",
            "GatewayUrl": self.services.gateway_url,
            "AnsweredBy": self.answered_by,
            "SipResponseCode": str(self.sip_code) if self.sip_code else "",
        }
        return found | {name: value for name, value in told.items() if value} | self.extra

    def be(self, sid: str, *, began: datetime, seconds: float) -> None:
        """Is the call `sid` of an earlier process from now on, answered `seconds` ago."""
        self.sid, self.trace = sid, Trace(sid)
        self.began = began
        self.answered_at = time.monotonic() - seconds
        self._status = "in-progress"

    def come_to(self, step: Origin) -> None:
        """From now on it is `step` that is asked next."""
        if step != self.next_step:
            self.next_step = step
            self.services.kept.touch(self._call)

    # What others do with the call

    def tell(self, what: object) -> None:
        """Has `what` come into this call's inbox, as `Told`."""
        self._inbox.put(Told(what))

    def watch(self, child: Standing) -> None:
        """Has every change of `child` come into this call's inbox as `Changed`."""
        child._watchers.append(self)

    def unwatch(self, child: Standing) -> None:
        """Ends that."""
        if self in child._watchers:
            child._watchers.remove(self)

    def redirect(self, url: str = "", method: str = "POST", *, xml: str = "") -> None:
        """Sends the call to another document: whoever acts for it is interrupted.

        Does nothing where the call is over.
        """
        if self.ended:
            return
        self._redirection = Origin(url, method, xml)
        if self.on_redirect is not None:
            self.on_redirect()
        self.trace.note("redirected", url=url or "a document of its own")
        self._inbox.wake()
        self._over.set()
        for watcher in self._watchers:
            watcher._inbox.put(Changed(self._call, self._status, is_redirected=True))

    @property
    def is_redirected(self) -> bool:
        """Whether the call waits to be taken to another document."""
        return self._redirection is not None

    def take_redirection(self) -> Origin | None:
        """Where the call was sent to; from now on it is not being redirected any more."""
        found, self._redirection = self._redirection, None
        if not self.ended:
            self._over.clear()
        return found

    async def until_over(self) -> None:
        """Waits until the call is over or redirected, and takes nothing out of its inbox.

        Raises CallEnded or Redirected, always.
        """
        await self._over.wait()
        self.check()
        raise AssertionError("a call is over where its end or a redirection says so")

    def check(self) -> None:
        """Raises CallEnded or Redirected where what the call does now is over."""
        if self.ended:
            raise CallEnded
        if self._redirection is not None:
            raise Redirected

    # Changes

    def _change(self, status: Status) -> None:
        if status == self._status or self.is_over:
            return
        self._status = status
        self.services.kept.touch(self._call)
        self._tell_watchers()
        if self.on_change is not None:
            self.on_change(self._call)

    def _tell_watchers(self) -> None:
        for watcher in self._watchers:
            watcher._inbox.put(Changed(self._call, self._status))

    def _end(self, how: str, status: Status) -> None:
        self.ended = how
        self.ended_at = time.monotonic()
        self.ended_on = clock.now()
        self._redirection = None
        self._inbox.wake()
        self._over.set()
        self._change(status)
