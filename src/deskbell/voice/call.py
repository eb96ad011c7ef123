"""One call: its signalling, its audio, and what happens to it, as verbs see it.

Everything that can happen to a call arrives in one queue, which whoever acts at the time empties:
keys pressed while a document is fetched wait there for the next Gather.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, Final, TypeVar

from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.sids import new_sid

from .configuration import Configuration
from .media import Digit, Leg, LegFigures, Lost, MediaEvent, MediaLoop, NoPortLeft, Played, Recorded
from .offers import Negotiation
from .recordings import Recordings
from .signalling.dialog import Dialog
from .sounds import Sounds, silence
from .spool import Parcel, Spool
from .trace import Trace
from .web import WebSide

PATIENCE: Final = 2.0
SAME_KEY_SECONDS: Final = 0.5
MOST_WAITING: Final = 100  # keys beyond these are a machine's
T = TypeVar("T")


class CallEnded(Exception):
    """The caller has left, or the gateway stops: whatever runs for this call is to stop too."""


class HangUp(Exception):
    """The document says that the call is over."""


class Refusal(Exception):
    """The call is to be refused before it is answered, with the SIP code `code`.

    `is_known` says that the web side decided so itself, and needs no report of it.
    """

    def __init__(self, code: int, *, is_known: bool = False) -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.is_known = is_known


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    key: str


Event = Key | Played | Recorded


@dataclass(slots=True)
class Services:
    """What all calls of a gateway share."""

    media: MediaLoop
    web: WebSide
    sounds: Sounds
    spool: Spool
    recordings: Recordings


class Call:
    """One incoming call. `host` is the address of ours where its audio comes in."""

    def __init__(
        self, dialog: Dialog, services: Services, configuration: Configuration, *, host: str
    ) -> None:
        self.sid = new_sid("CA")
        self.trace = Trace(self.sid)
        self.services = services
        self.configuration = configuration
        self.ended = ""
        self._refusal: Refusal | None = None
        self.page_times: deque[float] = deque()
        self.finishing = ("", 0.0)  # keys that may still come to end what is complete, until when
        self._dialog = dialog
        self._host = host
        self._leg: Leg | None = None
        self._negotiation: Negotiation | None = None
        self._inbox: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._answered_at = 0.0
        self._last_keys: dict[str, tuple[str, float]] = {}
        self._facts = self._read_facts()
        dialog.handler = self

    # Facts

    @property
    def is_answered(self) -> bool:
        """Whether the caller's phone was told that we are there."""
        return self._dialog.is_answered

    @property
    def leg(self) -> Leg:
        """The audio of an answered call."""
        if self._leg is None:
            raise AssertionError("a verb that plays or records has to answer the call first")
        return self._leg

    def fields(self) -> dict[str, str]:
        """The parameters of every request about this call (RCML reference, section 2)."""
        status = "ringing"
        if self.ended:
            status = "completed" if self.is_answered else "canceled"
        elif self.is_answered:
            status = "in-progress"
        return self._facts | {"CallStatus": status}

    def _read_facts(self) -> dict[str, str]:
        asked = self._dialog.invitation
        facts = {
            "CallSid": self.sid,
            "AccountSid": self.configuration.account_sid,
            "From": asked.caller,
            "To": asked.called,
            "Direction": "inbound",
            "ApiVersion": "2012-04-24",
            "CallTimestamp": format_datetime(clock.now(), usegmt=True),
            "SipCallId": asked.call_id,
        }
        if asked.caller_name:
            facts["CallerName"] = asked.caller_name
        if asked.forwarded_from:
            facts["ForwardedFrom"] = asked.forwarded_from
        return facts | {f"SipHeader_{name}": value for name, value in asked.extra.items()}

    # What verbs do

    async def answer(self) -> None:
        """Answers the call, once. Raises CallEnded, or Refusal where no port is left."""
        if self.ended:
            raise CallEnded
        if self.is_answered:
            return
        if self._leg is None:
            try:
                self._leg = self.services.media.open_leg(self._on_media)
            except NoPortLeft as error:
                self.trace.warn("no_port", why=error)
                raise Refusal(503) from error
        self._negotiation = Negotiation(host=self._host, port=self._leg.port)
        offer = self._dialog.invitation.offer
        sdp = self._negotiation.answer(offer) if offer else self._negotiation.offer()
        self._connect()
        self._dialog.answer(sdp)
        self._answered_at = time.monotonic()
        self.trace.note("answered", port=self._leg.port)
        if not offer:
            await self._dialog.acknowledged(within=32.0)
            if self._negotiation.media is None:
                self.end("no_answer")  # to our offer: nobody would ever hear what we play
            if self.ended:
                raise CallEnded

    def ring(self) -> None:
        """Lets the caller hear that it rings."""
        self._dialog.ring()

    def refuse(self, refusal: Refusal) -> None:
        """Refuses a call that is not answered."""
        self._refusal = refusal
        self.trace.note("refused", code=refusal.code)
        self._dialog.refuse(refusal.code)

    def play(self, clips: Sequence[bytes], *, loop: int = 1) -> int:
        """Plays to the caller; the id is that of the `Played` that ends it."""
        return self.leg.play(clips, loop=loop)

    async def next_event(self, seconds: float | None = None) -> Event | None:
        """The next thing that happens, or None after `seconds`. Raises CallEnded."""
        while not self._inbox:
            if self.ended:
                raise CallEnded
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return None
        return self._inbox.popleft()

    async def last_recorded(self, recording_id: int, seconds: float) -> Recorded | None:
        """A recording's end after the call's own, waited for at most `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    while self._inbox:
                        event = self._inbox.popleft()
                        if isinstance(event, Recorded) and event.recording_id == recording_id:
                            return event
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            return None

    async def until_played(self, play_id: int) -> None:
        """Waits for a play's end; keys pressed meanwhile count for nothing. Raises CallEnded."""
        while True:
            event = await self.next_event()
            if isinstance(event, Played) and event.play_id == play_id:
                return

    def forget_keys(self) -> None:
        """Drops the keys that nobody has asked for yet."""
        self._inbox = deque(event for event in self._inbox if not isinstance(event, Key))

    async def patiently(self, work: Coroutine[Any, Any, T], *, only_to_hear: bool = False) -> T:
        """Runs `work`; a caller who would wait in silence for it is asked to hold.

        Raises whatever `work` raises, and where it is `only_to_hear`, CallEnded soon after the
        caller has left.
        """
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=PATIENCE)
            while not done:
                if only_to_hear and self.ended:
                    raise CallEnded
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

    # What happens to the call: signalling.dialog.CallHandler, and media

    def left(self, how: str) -> None:
        """The caller hung up, gave up, or never confirmed the call."""
        if not self.ended:
            self.ended = how
            self.trace.note("caller_left", how=how)
            self._arrived.set()

    def end(self, why: str) -> None:
        """Ends the call from our side at once, as at a shutdown."""
        if not self.ended:
            self.ended = why
            self.trace.note("ended", why=why)
            self._dialog.hang_up()
            self._arrived.set()

    def offered(self, sdp: str) -> str | None:
        """A new offer within the call (RFC 3264 section 8), as for hold and resume."""
        if self._negotiation is None:
            return None
        if not sdp:
            return self._negotiation.offer()
        try:
            answer = self._negotiation.answer(sdp)
            self._connect()
        except InvalidInput as error:
            self.trace.warn("offer_refused", why=error)
            return None
        media = self._negotiation.media
        self.trace.note("media_changed", held=bool(media and media.is_held))
        return answer

    def answered(self, sdp: str) -> None:
        """The answer to an offer of ours."""
        if self._negotiation is None:
            return
        try:
            self._negotiation.accept(sdp)
            self._connect()
        except InvalidInput as error:
            self.trace.warn("answer_refused", why=error)
            self.end("no_codec")

    def progressed(self, code: int, sdp: str) -> None:
        """Only calls of ours make progress."""

    def accepted(self, sdp: str) -> None:
        """Only calls of ours are accepted."""

    def refused(self, code: int, headers: Mapping[str, str]) -> None:
        """Only calls of ours are refused."""

    def referred(self, to: str) -> int:
        """The caller wants us to call somebody else."""
        self.trace.note("referred", to=to)
        return 603

    def pressed(self, key: str, *, way: str = "info") -> None:
        """A key. One that comes both as an event and by INFO is one key."""
        before, at = self._last_keys.get(key, (way, 0.0))
        now = time.monotonic()
        if way != before and now - at < SAME_KEY_SECONDS:
            return
        self._last_keys[key] = (way, now)
        if len(self._inbox) >= MOST_WAITING:
            return
        self.trace.note("pressed", key=key, way=way)
        self._put(Key(key))

    def _on_media(self, event: MediaEvent) -> None:
        if isinstance(event, Digit):
            self.pressed(event.key, way="rtp")
        elif isinstance(event, Lost):
            media = self._negotiation.media if self._negotiation is not None else None
            if media is not None and media.has_two_ways:
                self.end("silent_line")
        else:
            self._put(event)

    def _put(self, event: Event) -> None:
        self._inbox.append(event)
        self._arrived.set()

    def _connect(self) -> None:
        media = self._negotiation.media if self._negotiation is not None else None
        if media is None:
            return
        self.leg.connect(
            host=media.host,
            port=0 if media.is_held else media.port,
            payload_type=media.payload_type,
            codec=media.codec,
            digits_payload_type=media.digits_payload_type,
        )

    # The end

    async def finish(self) -> None:
        """Hangs up, closes the audio and reports the call."""
        by_caller = self.ended in {"bye", "cancelled"}
        if not self.ended and self.is_answered:
            await asyncio.sleep(0.1)  # what the phone has buffered is still being heard
            await self._dialog.acknowledged(within=2.0)
        self._dialog.hang_up()
        figures = self._leg.close() if self._leg is not None else None
        self._report(figures, by_caller=by_caller)

    def _status(self) -> str:
        if self.is_answered:
            return "completed"
        if self.ended == "cancelled":
            return "canceled"
        return "busy" if self._refusal is not None and self._refusal.code == 486 else "failed"

    def _report(self, figures: LegFigures | None, *, by_caller: bool) -> None:
        seconds = time.monotonic() - self._answered_at if self._answered_at else 0.0
        report = self._facts | {
            "CallStatus": self._status(),
            "CallDuration": str(round(seconds)),
            "Timestamp": format_datetime(clock.now(), usegmt=True),
            "SequenceNumber": "0",
            "HangupBy": "caller" if by_caller else "system",
        }
        if figures is not None:
            report["RtpPacketsReceived"] = str(figures.packets_received)
            report["RtpPacketsLost"] = str(figures.packets_lost)
            report["RtpJitterMs"] = f"{figures.jitter_ms:.1f}"
        self.trace.note("over", status=self._status(), seconds=seconds)
        self._send_report(report)

    def _send_report(self, report: dict[str, str]) -> None:
        url = self.configuration.status_callback
        if url and not (self._refusal is not None and self._refusal.is_known):
            self.services.spool.send(Parcel("form", url, fields=report))
