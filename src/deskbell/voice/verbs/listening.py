"""What a caller says, during a Gather: the line's sound goes to an ear, what it hears comes back.

The ear belongs to the speech room and tells its results in a thread of its own; from here they go
to the call's inbox, as `Told`.
"""

from __future__ import annotations

import asyncio
from typing import Final

from deskbell import speech
from deskbell.foundation.errors import DeskbellError
from deskbell.rcml.verbs import Gather
from deskbell.speech import Heard

from ..call import Call

END_SILENCE: Final = 0.8
_callbacks: Final[set[asyncio.Task[None]]] = set()


class Listening:
    """Hears one caller until it is closed. `open` first; closing twice is one time."""

    def __init__(self, call: Call, verb: Gather) -> None:
        self._call = call
        self._loop = asyncio.get_running_loop()
        self._is_open = False
        self._is_closed = False
        self._ear = speech.open_ear(
            language=verb.language,
            hints=verb.hints,
            on_heard=self._tell,
            end_silence=_end_silence(verb),
        )

    @classmethod
    def to(cls, call: Call, verb: Gather) -> Listening | None:
        """Prepares to hear what `verb` asks for; None, and said so in the trace, if nobody can."""
        try:
            return cls(call, verb)
        except DeskbellError as error:
            call.trace.warn("no_recognition", language=verb.language, why=error)
            return None

    def open(self) -> None:
        """From now on the caller is heard."""
        self._is_open = True
        self._call.leg.tap(self._ear.hear)

    def finish(self) -> None:
        """Has the ear tell what it has understood."""
        self._ear.finish()

    def close(self) -> None:
        """Ends the hearing: nothing more is told."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._is_open:
            self._call.leg.tap(None)
        self._ear.close()

    def _tell(self, heard: Heard) -> None:
        """In the speech room's thread."""
        self._loop.call_soon_threadsafe(self._take, heard)

    def _take(self, heard: Heard) -> None:
        if not self._is_closed:
            self._call.tell(heard)


def _end_silence(verb: Gather) -> float:
    return float(verb.speech_timeout) if verb.speech_timeout.isdecimal() else END_SILENCE


class Partials:
    """Tells a URL what is being understood, in order; nobody waits for it, no answer counts."""

    def __init__(self, call: Call, verb: Gather, url: str) -> None:
        self._call = call
        self._method = verb.partial_result_callback_method
        self._url = url
        self._count = 0
        self._last: asyncio.Task[None] | None = None

    def tell(self, heard: Heard) -> None:
        """Sends what was understood so far."""
        if not self._url or not heard.text:
            return
        told = self._call.fields() | {
            "UnstableSpeechResult": heard.text,
            "Stability": f"{heard.confidence:.2f}",
            "SequenceNumber": str(self._count),
        }
        self._count += 1
        self._last = asyncio.create_task(self._send(told, self._last))
        _callbacks.add(self._last)
        self._last.add_done_callback(_callbacks.discard)

    async def _send(self, told: dict[str, str], before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._call.services.web.form(self._method, self._url, told)
        except DeskbellError as error:
            self._call.trace.warn("partial_result_not_taken", why=error)
