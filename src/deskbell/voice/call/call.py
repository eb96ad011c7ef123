"""One call: its signalling, its audio, and what happens to it, as verbs see it.

Everything that can happen to a call arrives in one inbox, which whoever acts at the time empties:
keys pressed while a document is fetched wait there for the next Gather.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final, TypeVar, cast

from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.sids import new_sid

from ..configuration import Configuration
from ..media import Digit, Leg, LegFigures, Lost, MediaEvent, NoPortLeft, Played, Recorded
from ..offers import Direction as MediaDirection
from ..progress import status_of_refusal
from ..signalling.dialog import Dialog, ReferOutcome
from ..sounds import silence
from ..spool import Parcel
from ..trace import Trace
from .events import (
    CallEnded,
    Changed,
    Direction,
    Event,
    Key,
    Origin,
    Redirected,
    Refusal,
    Status,
    Told,
)
from .inbox import Inbox
from .particulars import Particulars
from .report import quality, timestamp
from .services import Services
from .status import OVER, left_unanswered
from .talk import Talk

PATIENCE: Final = 2.0
SAME_KEY_SECONDS: Final = 0.5
RINGING: Final = range(180, 200)
T = TypeVar("T")


class Call:
    """One leg of a conversation: a caller's, one that a Dial called, or one asked for over REST.

    A call that came in has its `dialog` from the beginning; one that goes out gets it by `attach`,
    and says in `particulars` who calls whom. `host` is the address of ours where its audio comes
    in, `parent` the call that a Dial stands in, `account` the AC sid that it is for.
    `on_change(call)` is called at each change of `status`, `on_refer(call, uri)` when the other
    side asks to be connected elsewhere, with SIP's code as its answer (without it: 603),
    `on_held(call)` when it puts us on hold or takes us off it, `on_redirect()` when the call is
    sent to another document. `on_key(key, way)` is asked about each key first, and says whether
    that was all there is to do with it.
    """

    def __init__(
        self,
        dialog: Dialog | None,
        services: Services,
        configuration: Configuration,
        *,
        host: str,
        direction: Direction = "inbound",
        parent: Call | None = None,
        account: str = "",
        particulars: Particulars | None = None,
    ) -> None:
        self.sid = new_sid("CA")
        self.trace = Trace(self.sid)
        self.services = services
        self.configuration = configuration
        self.direction: Direction = direction
        self.parent = parent
        self.account = account or configuration.account_sid
        self.ended = ""
        self.sip_code = 0
        self.answered_by = ""
        self.is_metered = False  # it goes through a trunk, and counts for the account's limit
        self.extra: dict[str, str] = {}  # more parameters for every request, as ReferTarget
        self.fallback: Origin | None = None
        self.page_times: deque[float] = deque()
        self.finishing = ("", 0.0)  # keys that may still come to end what is complete, until when
        self.on_change: Callable[[Call], None] | None = None
        self.on_refer: Callable[[Call, str], int] | None = None
        self.on_held: Callable[[Call], None] | None = None
        self.on_redirect: Callable[[], None] | None = None
        self.on_key: Callable[[str, str], bool] | None = None
        self.began = clock.now()
        self.ended_on: datetime | None = None
        self.began_at = time.monotonic()
        self.answered_at = 0.0
        self.ended_at = 0.0
        self._status: Status = "ringing" if dialog is not None else "queued"
        self._refusal: Refusal | None = None
        self._dialog = dialog
        self._host = host
        self._talk = Talk(services.media, self._on_media)
        self._inbox = Inbox()
        self._over = asyncio.Event()
        self._redirection: Origin | None = None
        self._decided: asyncio.Future[int] | None = None
        self._watchers: list[Call] = []
        self._last_keys: dict[str, tuple[str, float]] = {}
        if dialog is not None:
            dialog.handler = self
            particulars = particulars or Particulars.of(dialog)
        if particulars is None:
            raise AssertionError("a call without a dialog says who calls whom")
        self.particulars = particulars

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
    def is_answered(self) -> bool:
        """Whether the call was answered, by us or by whom we called."""
        return self._dialog is not None and self._dialog.is_answered

    @property
    def seconds(self) -> float:
        """How long the conversation is, or was; 0 without an answer."""
        if not self.answered_at:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.answered_at

    @property
    def dialog(self) -> Dialog:
        """The signalling. Raises AssertionError for a call out that was not sent yet."""
        if self._dialog is None:
            raise AssertionError("the call has not been sent to anybody yet")
        return self._dialog

    @property
    def leg(self) -> Leg:
        """The audio of an answered call."""
        return self._talk.leg

    @property
    def has_leg(self) -> bool:
        """Whether there is audio yet: of a call that is answered, or has early media."""
        return self._talk.is_open

    @property
    def has_early_media(self) -> bool:
        """Whether whom we call lets us hear something before the answer."""
        return self.is_outgoing and not self.is_answered and self._talk.media is not None

    @property
    def sip_call_id(self) -> str:
        """The Call-ID of the signalling, empty before there is any."""
        return self._dialog.invitation.call_id if self._dialog is not None else ""

    @property
    def is_held(self) -> bool:
        """Whether the other side has put us on hold: it takes no audio for now."""
        media = self._talk.media
        return media is not None and media.is_held

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

    # What verbs do

    async def answer(self) -> None:
        """Answers the call, once. Raises CallEnded, or Refusal where no port is left."""
        if self.ended:
            raise CallEnded
        if self.is_answered or self.is_outgoing:
            return
        offer = self.dialog.invitation.offer
        sdp = self._sdp_for(offer)
        self.dialog.answer(sdp)
        self.answered_at = time.monotonic()
        self.trace.note("answered", port=self.leg.port)
        self._change("in-progress")
        if not offer:
            await self.dialog.acknowledged(within=32.0)
            if self._talk.media is None:
                self.end("no_answer")  # to our offer: nobody would ever hear what we play
            if self.ended:
                raise CallEnded

    def early_media(self, clips: Sequence[bytes], *, loop: int = 1) -> int:
        """Plays to a caller whose call is not answered yet (183), as for a ringback.

        Gives the id as `play`. Raises CallEnded, Refusal as `answer`; a caller who made no offer
        hears nothing.
        """
        if self.ended:
            raise CallEnded
        offer = self.dialog.invitation.offer
        if not self.is_answered and offer:
            self.dialog.early(self._sdp_for(offer))
        elif not self.is_answered:
            self.ring()
            self._talk.open()
        return self.play(clips, loop=loop)

    def _sdp_for(self, offer: str) -> str:
        try:
            return self._talk.answer(offer, host=self._host)
        except NoPortLeft as error:
            self.trace.warn("no_port", why=error)
            raise Refusal(503) from error

    def ring(self) -> None:
        """Lets the caller hear that it rings."""
        if self._dialog is not None and not self.is_outgoing:
            self._dialog.ring()

    def refuse(self, refusal: Refusal) -> None:
        """Refuses a call that is not answered."""
        self._refusal = refusal
        self.sip_code = refusal.code
        self.trace.note("refused", code=refusal.code)
        self.dialog.refuse(refusal.code)
        self._end("refused", "busy" if refusal.code == 486 else "failed")

    def play(self, clips: Sequence[bytes], *, loop: int = 1) -> int:
        """Plays to the other side; the id is that of the `Played` that ends it."""
        return self.leg.play(clips, loop=loop)

    async def next_event(self, seconds: float | None = None) -> Event | None:
        """The next thing that happens, or None after `seconds`. Raises CallEnded, Redirected."""
        while self._redirection is not None or not self._inbox:
            self.check()
            if not await self._inbox.arrival(seconds):
                return None
        return self._inbox.take()

    def check(self) -> None:
        """Raises CallEnded or Redirected where what the call does now is over."""
        if self.ended:
            raise CallEnded
        if self._redirection is not None:
            raise Redirected

    async def last_recorded(self, recording_id: int, seconds: float) -> Recorded | None:
        """A recording's end after the call's own, waited for at most `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    while self._inbox:
                        event = self._inbox.take()
                        if isinstance(event, Recorded) and event.recording_id == recording_id:
                            return event
                    await self._inbox.arrival(None)
        except TimeoutError:
            return None

    async def until_played(self, play_id: int) -> None:
        """Waits for a play's end; keys pressed meanwhile count for nothing.

        Raises CallEnded, Redirected.
        """
        while True:
            event = await self.next_event()
            if isinstance(event, Played) and event.play_id == play_id:
                return

    def forget_keys(self) -> None:
        """Drops the keys that nobody has asked for yet."""
        self._inbox.forget_keys()

    async def patiently(self, work: Coroutine[Any, Any, T], *, only_to_hear: bool = False) -> T:
        """Runs `work`; a caller who would wait in silence for it is asked to hold.

        Raises whatever `work` raises, and where it is `only_to_hear`, CallEnded or Redirected soon
        after the caller has left or the call was sent elsewhere.
        """
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=PATIENCE)
            while not done:
                if only_to_hear:
                    self.check()
                wait = self._ask_to_hold()
                done, _ = await asyncio.wait({task}, timeout=wait)
            return await task
        finally:
            task.cancel()

    def _ask_to_hold(self) -> float:
        if not self.is_answered or self.ended:
            return PATIENCE
        clip = self.services.sounds.hold
        self.play([clip, silence(PATIENCE)])
        self.trace.note("asked_to_hold")
        return len(clip) / 8000 + PATIENCE

    async def reoffer(self, direction: MediaDirection) -> int:
        """Offers the other side media one way or both; `sendrecv`, `sendonly`, `inactive`.

        Gives the SIP code of the answer: 200 where it is so from now on. Raises CallEnded.
        """
        if self.ended:
            raise CallEnded
        code, sdp = await self.dialog.reoffer(self._talk.reoffer(direction))
        if code < 300 and sdp and not self.ended:
            self.answered(sdp)
        return code

    async def refer(self, uri: str, *, referred_by: str = "") -> ReferOutcome:
        """Asks the other side to call `uri` instead of us (REFER). Raises CallEnded."""
        if self.ended:
            raise CallEnded
        return await self.dialog.refer(uri, referred_by=referred_by)

    # What others do with the call

    def tell(self, what: object) -> None:
        """Has `what` come into this call's inbox, as `Told`."""
        self._inbox.put(Told(what))

    def watch(self, child: Call) -> None:
        """Has every change of `child` come into this call's inbox as `Changed`."""
        child._watchers.append(self)

    def unwatch(self, child: Call) -> None:
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
            watcher._inbox.put(Changed(self, self._status, is_redirected=True))

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

    def end(self, why: str) -> None:
        """Ends the call from our side at once, as at a shutdown; `canceled` is a wish."""
        if self.ended:
            return
        self.trace.note("ended", why=why)
        if self._dialog is not None:
            self._dialog.hang_up()
        if self.is_answered:
            self._end(why, "completed")
        else:
            self._end(why, left_unanswered(why, is_outgoing=self.is_outgoing))

    # Calling somebody: what `outgoing` does

    def offer(self, host: str) -> str:
        """What this call offers to a peer that sees us at `host`. Raises NoPortLeft."""
        self._host = host
        return self._talk.offer(host=host)

    def attach(self, dialog: Dialog) -> None:
        """The INVITE is on its way."""
        self._dialog = dialog
        sip_call_id = dialog.invitation.call_id
        self.particulars = replace(self.particulars, sip_call_id=sip_call_id)
        self.trace.note("invites", sip_call_id=sip_call_id)
        self._decided = asyncio.get_running_loop().create_future()

    async def decision(self, seconds: float) -> int:
        """What becomes of the INVITE within `seconds`: 200, a refusal's code, 0 for nothing yet.

        487 where the call was ended by us.
        """
        if self._decided is None:
            raise AssertionError("nobody was called")
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._decided)
        except TimeoutError:
            return 0

    def give_up(self, code: int, *, why: str = "refused") -> None:
        """Nobody took the call: the last answer was `code`, or the time is over (`no_answer`)."""
        if self.ended:
            return
        self.sip_code = code or self.sip_code
        if self._dialog is not None:
            self._dialog.hang_up()
        if why == "refused":
            self._end(why, cast(Status, status_of_refusal(code)))
        else:
            self._end(why, left_unanswered(why, is_outgoing=True))

    # What happens to the call: signalling.handlers.CallHandler, and media

    def left(self, how: str) -> None:
        """The other side hung up, gave up, or never confirmed the call."""
        if not self.ended:
            self.trace.note("caller_left", how=how)
            if self.is_answered:
                self._end(how, "completed")
            else:
                self._end(how, left_unanswered(how, is_outgoing=self.is_outgoing))

    def offered(self, sdp: str) -> str | None:
        """A new offer within the call (RFC 3264 section 8), as for hold and resume."""
        was_held = self.is_held
        try:
            answer = self._talk.offered(sdp)
        except InvalidInput as error:
            self.trace.note("offer_refused", why=error)
            return None
        self.trace.note("media_changed", held=self.is_held)
        if self.on_held is not None and self.is_held != was_held:
            self.on_held(self)
        return answer

    def answered(self, sdp: str) -> None:
        """The answer to an offer of ours."""
        try:
            self._talk.accept(sdp)
        except InvalidInput as error:
            self.trace.warn("answer_refused", why=error)
            self.end("no_codec")

    def pressed(self, key: str, *, way: str = "info") -> None:
        """A key. One that comes both as an event and by INFO is one key."""
        before, at = self._last_keys.get(key, (way, 0.0))
        now = time.monotonic()
        if way != before and now - at < SAME_KEY_SECONDS:
            return
        self._last_keys[key] = (way, now)
        if self._inbox.is_full:
            return
        self.trace.note("pressed", key=key, way=way)
        if self.on_key is None or not self.on_key(key, way):
            self._inbox.put(Key(key))

    def progressed(self, code: int, sdp: str) -> None:
        """A provisional answer to our INVITE, with early media or without."""
        if self.ended:
            return
        self.trace.note("progressed", code=code, early_media=bool(sdp))
        before = self._status, self.has_early_media
        if sdp:
            try:
                self._talk.accept(sdp)
            except InvalidInput as error:
                self.trace.warn("early_media_refused", why=error)
        if code in RINGING:
            self._change("ringing")
        if before == (self._status, False) and self.has_early_media:
            self._tell_watchers()

    def accepted(self, sdp: str) -> None:
        """Somebody answered our INVITE."""
        if self.ended:
            return
        self.sip_code = 200
        self.answered_at = time.monotonic()
        if sdp:
            self.answered(sdp)
        elif self._talk.media is None:
            self.end("no_codec")
        if self.ended:
            self._decide(488)
            return
        self.trace.note("answered", port=self.leg.port)
        self._change("in-progress")
        self._decide(200)

    def refused(self, code: int, headers: Mapping[str, str]) -> None:
        """Our INVITE was refused; who asked for the call decides whether that is its end."""
        if self.ended:
            return
        self.trace.note("refused_by_peer", code=code, reason=headers.get("reason", ""))
        self._decide(code)

    def referred(self, to: str) -> int:
        """The other side asks us to connect it to `to` (REFER)."""
        code = self.on_refer(self, to) if self.on_refer is not None and not self.ended else 603
        self.trace.note("referred", to=to, code=code)
        return code

    def _decide(self, code: int) -> None:
        if self._decided is not None and not self._decided.done():
            self._decided.set_result(code)

    def _on_media(self, event: MediaEvent) -> None:
        if isinstance(event, Digit):
            self.pressed(event.key, way="rtp")
        elif isinstance(event, Lost):
            media = self._talk.media
            if media is not None and media.has_two_ways and self.is_answered:
                self.end("silent_line")
        else:
            self._inbox.put(event)

    # The end

    def _change(self, status: Status) -> None:
        if status == self._status or self.is_over:
            return
        self._status = status
        self._tell_watchers()
        if self.on_change is not None:
            self.on_change(self)

    def _tell_watchers(self) -> None:
        for watcher in self._watchers:
            watcher._inbox.put(Changed(self, self._status))

    def _end(self, how: str, status: Status) -> None:
        self.ended = how
        self.ended_at = time.monotonic()
        self.ended_on = clock.now()
        self._redirection = None
        self._inbox.wake()
        self._over.set()
        self._decide(487)
        self._change(status)

    async def finish(self) -> None:
        """Hangs up, closes the audio and reports the call."""
        by_caller = self.ended in {"bye", "cancelled"}
        if not self.ended and self.is_answered:
            await asyncio.sleep(0.1)  # what the phone has buffered is still being heard
            await self.dialog.acknowledged(within=2.0)
        self.end("system")
        figures = self._talk.close()
        self._report(figures, by_caller=by_caller)

    def _report(self, figures: LegFigures | None, *, by_caller: bool) -> None:
        self.trace.note("over", status=self._status, seconds=self.seconds)
        told = quality(figures)
        self.extra |= told | {"HangupBy": "caller" if by_caller else "system"}
        url = self.configuration.status_callback
        is_known = self._refusal is not None and self._refusal.is_known
        if not url or is_known or self.is_outgoing:
            return
        report = self.fields() | {
            "CallDuration": str(round(self.seconds)),
            "Timestamp": timestamp(),
            "SequenceNumber": "0",
        }
        self.services.spool.send(Parcel("form", url, fields=report))
