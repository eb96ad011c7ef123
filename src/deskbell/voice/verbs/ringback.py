"""What a caller hears while somebody is rung for them.

Source: RCML reference, section 6: the document's own tone, else what a single callee's side lets be
heard before the answer, else ringing as in a country. A caller who is not answered yet hears the
tone as early media, and without one the ringing of their own telephone.
"""

from __future__ import annotations

import asyncio

from deskbell.foundation.errors import DeskbellError
from deskbell.rcml.verbs import Dial, Play

from .. import tones
from ..call import Call
from ..pages import Page


class Ringback:
    """The waiting of one caller; `is_single` says that a single phone rings."""

    def __init__(self, call: Call, verb: Dial, page: Page, *, is_single: bool) -> None:
        self._call = call
        self._verb = verb
        self._page = page
        self._is_single = is_single
        self._tone = b""
        self._clip = b""
        self._joined: Call | None = None
        self._sounds = False

    async def begin(self) -> None:
        """Lets the caller hear that somebody is called. Raises CallEnded, Refusal, Redirected."""
        call = self._call
        self._tone = await self._own_tone()
        self._clip = self._tone or await asyncio.to_thread(tones.ringing, self._verb.ring_tone)
        if call.is_answered:
            call.check()
            self._ring()
        elif self._tone:
            call.early_media([])
            self._ring()
        else:
            call.ring()

    def hear(self, child: Call) -> None:
        """`child` rings; audio of its own is heard where no other phone rings."""
        if self._joined is not None or not child.has_early_media:
            return
        if self._tone or not self._is_single:
            return
        call = self._call
        if not call.is_answered:
            call.early_media([])
        self.end()
        call.leg.bridge(child.leg)
        self._joined = child
        call.trace.note("hears_early_media", of=child.sid)

    def again(self) -> None:
        """Goes back to the tone where what was joined is gone, or is not for the caller."""
        if self._joined is not None:
            self._part()
            self._ring()

    def end(self) -> None:
        """Falls silent."""
        self._part()
        if self._sounds and self._call.has_leg:
            self._call.leg.stop_playing()
        self._sounds = False

    def _ring(self) -> None:
        """Lets the caller hear the tone, on the audio that there is."""
        self._call.play([self._clip], loop=0)
        self._sounds = True

    def _part(self) -> None:
        if self._joined is not None:
            self._call.leg.unbridge()
            self._joined = None

    async def _own_tone(self) -> bytes:
        call, url = self._call, self._verb.ringback_tone
        if not url:
            return b""
        work = call.services.sounds.clip(Play(url), self._page.url)
        try:
            return await call.patiently(work, only_to_hear=True)
        except DeskbellError as error:
            call.trace.warn("not_heard", what=url, why=error)
            return b""
