"""The line of one call: its signalling and its audio, and what comes by them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from deskbell.foundation.errors import InvalidInput

from ..configuration import Configuration
from ..media import Digit, Leg, Lost, MediaEvent, Recorded
from ..offers import CODECS, CodecName
from ..progress import status_of_refusal
from ..signalling.dialog import ELSEWHERE, Dialog
from .events import Direction, Key, Status
from .particulars import Particulars
from .services import Services
from .standing import Standing
from .status import GATEWAY_LOST, TAKEN_ELSEWHERE, left_unanswered
from .talk import Talk

if TYPE_CHECKING:
    from .call import Call

SAME_KEY_SECONDS: Final = 0.5
RINGING: Final = range(180, 200)


class Line(Standing):
    """The part of a call that its dialog and its leg speak to."""

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
        if particulars is None:
            if dialog is None:
                raise AssertionError("a call without a dialog says who calls whom")
            particulars = Particulars.of(dialog)
        super().__init__(
            services,
            configuration,
            particulars,
            direction=direction,
            parent=parent,
            account=account,
        )
        self.on_refer: Callable[[Call, str], int] | None = None
        self.on_held: Callable[[Call], None] | None = None
        self.on_key: Callable[[str, str], bool] | None = None
        self._dialog = dialog
        self._host = host
        self._talk = Talk(services.media, self._on_media)
        self._decided: asyncio.Future[int] | None = None
        self._last_keys: dict[str, tuple[str, float]] = {}
        self._whole: dict[int, asyncio.Future[Recorded]] = {}
        if dialog is not None:
            dialog.handler = self

    # Facts

    @property
    def is_answered(self) -> bool:
        """Whether the call was answered, by us or by whom we called."""
        return self._dialog is not None and self._dialog.is_answered

    @property
    def dialog(self) -> Dialog:
        """The signalling. Raises AssertionError for a call out that was not sent yet."""
        if self._dialog is None:
            raise AssertionError("the call has not been sent to anybody yet")
        return self._dialog

    @property
    def present_dialog(self) -> Dialog | None:
        """The signalling; None for a call out that was not sent yet."""
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
    def session(self) -> tuple[int, int]:
        """The number and version of what we last said of our audio."""
        return self._talk.session

    @property
    def is_held(self) -> bool:
        """Whether the other side has put us on hold: it takes no audio for now."""
        media = self._talk.media
        return media is not None and media.is_held

    # Calling somebody: what `outgoing` does

    def offer(self, host: str, *, codecs: Sequence[CodecName] = ()) -> str:
        """What this call offers to a peer that sees us at `host`. Raises NoPortLeft.

        `codecs` are the best first; none are all that we speak.
        """
        self._host = host
        return self._talk.offer(host=host, codecs=codecs or CODECS)

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
        self.services.kept.touch(self._call)
        if self.on_held is not None and self.is_held != was_held:
            self.on_held(self._call)
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
        code = (
            self.on_refer(self._call, to) if self.on_refer is not None and not self.ended else 603
        )
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
        elif isinstance(event, Recorded) and event.recording_id in self._whole:
            self._whole.pop(event.recording_id).set_result(event)
        else:
            self._inbox.put(event)

    def whole_recording(self, recording_id: int) -> asyncio.Future[Recorded]:
        """The end of a recording that no verb waits for: it comes here, and not to the inbox."""
        found: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        self._whole[recording_id] = found
        return found

    # The end

    def end(self, why: str) -> None:
        """Ends the call from our side at once, as at a shutdown; `canceled` is a wish.

        `TAKEN_ELSEWHERE` has the phone show no missed call.
        """
        if self.ended:
            return
        self.trace.note("ended", why=why)
        has_talked = self._status == "in-progress"  # nobody has where no codec could be agreed on
        if self._dialog is not None:
            self._dialog.hang_up(ELSEWHERE if why == TAKEN_ELSEWHERE else "")
        if has_talked:
            self._end(why, "failed" if why == GATEWAY_LOST else "completed")
        else:
            self._end(why, left_unanswered(why, is_outgoing=self.is_outgoing))

    def _end(self, how: str, status: Status) -> None:
        super()._end(how, status)
        self._decide(487)
