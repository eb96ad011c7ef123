"""One call, as verbs see it: they answer, play and wait, and are told what happens meanwhile.

Everything that can happen to a call arrives in one inbox, which whoever acts at the time empties:
keys pressed while a document is fetched wait there for the next Gather.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any, Final, TypeVar

from ..configuration import Configuration
from ..media import LegFigures, NoPortLeft, Played, Recorded
from ..offers import Direction as MediaDirection
from ..signalling.dialog import Dialog, ReferOutcome
from ..sounds import silence
from ..spool import Parcel
from .events import CallEnded, Direction, Event, Refusal
from .line import Line
from .particulars import Particulars
from .report import quality, timestamp
from .services import Services
from .status import GATEWAY_LOST, ended_by

PATIENCE: Final = 2.0
TAKE_UP_SECONDS: Final = 8.0
T = TypeVar("T")


class Call(Line):
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
        super().__init__(
            dialog,
            services,
            configuration,
            host=host,
            direction=direction,
            parent=parent,
            account=account,
            particulars=particulars,
        )
        self._refusal: Refusal | None = None

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
        self.services.kept.touch(self)
        return code

    async def take_up(self, session: tuple[int, int]) -> bool:
        """Has the other side of an earlier process's call send its audio to a new port, here.

        `session` is that process's description. Whether it does; where not, the call is over.
        """
        code, sdp = 0, ""
        try:
            async with asyncio.timeout(TAKE_UP_SECONDS):
                offer = self._talk.take_up(host=self._host, session=session)
                code, sdp = await self.dialog.reoffer(offer)
        except (TimeoutError, NoPortLeft) as error:
            self.trace.warn("not_taken_up", why=repr(error))
        if code == 200 and sdp and not self.ended:
            self.answered(sdp)
        elif not self.ended:
            self.end(GATEWAY_LOST)
        if self.ended:
            return False
        self.trace.note("taken_up", port=self.leg.port)
        self.services.kept.touch(self)
        return True

    async def refer(self, uri: str, *, referred_by: str = "") -> ReferOutcome:
        """Asks the other side to call `uri` instead of us (REFER). Raises CallEnded."""
        if self.ended:
            raise CallEnded
        return await self.dialog.refer(uri, referred_by=referred_by)

    # The end

    async def finish(self) -> None:
        """Hangs up, closes the audio and reports the call."""
        try:
            if not self.ended and self.is_answered:
                await asyncio.sleep(0.1)  # what the phone has buffered is still being heard
                await self.dialog.acknowledged(within=2.0)
            self.end("system")
        finally:
            figures = self._talk.close()
            self._report(figures)

    def _report(self, figures: LegFigures | None) -> None:
        self.trace.note("over", status=self._status, seconds=self.seconds)
        self.extra |= quality(figures)
        self.extra |= ended_by(
            self.ended, is_outgoing=self.is_outgoing, was_answered=bool(self.answered_at)
        )
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
