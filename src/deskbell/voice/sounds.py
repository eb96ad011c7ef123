"""Clips: everything that can be played, as G.711 µ-law bytes.

Announcements come from the prompt store, texts from the speech room, other URLs over HTTP. What the
gateway itself says (the apology, the request to hold) is spoken once and kept on disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from deskbell import speech
from deskbell.foundation.errors import DeskbellError, InvalidInput, Unreachable
from deskbell.rcml.verbs import Nested, Pause, Play, Say

from .clips import ClipFolder
from .files import write_whole
from .prompts import PromptStore, prompt_name
from .web import WebSide

log = logging.getLogger(__name__)
RATE: Final = 8000
SPOKEN_CLIPS: Final = 512
SPOKEN_BYTES: Final = 64 * 1024 * 1024
MOUTHS: Final = 2
LONGEST_PAUSE: Final = 600
APOLOGY: Final = (
    "We are sorry, we cannot take your call right now. Please call again in a few minutes. Goodbye."
)
HOLD: Final = "One moment, please."

Speaker = Callable[..., bytes]


def silence(seconds: float) -> bytes:
    """Silence as µ-law."""
    return b"\xff" * int(seconds * RATE)


def tone(hertz: float, seconds: float, *, volume: float = 0.3) -> bytes:
    """A sine tone as µ-law, faded in and out over 5 ms so that it does not click."""
    count = int(seconds * RATE)
    edge = RATE // 200
    samples = (
        volume * min(1.0, at / edge, (count - at) / edge) * math.sin(math.tau * hertz * at / RATE)
        for at in range(count)
    )
    pcm = b"".join(int(32767 * sample).to_bytes(2, "little", signed=True) for sample in samples)
    return speech.to_mulaw(pcm)


class Sounds:
    """All that a gateway can play. `folder` keeps what the gateway itself says."""

    def __init__(
        self,
        web: WebSide,
        prompts: PromptStore,
        folder: Path,
        *,
        speak: Speaker = speech.speak_mulaw,
    ) -> None:
        self.apology = b""
        self.hold = b""
        self.beep = b""
        self.is_prepared = False
        self._web = web
        self._prompts = prompts
        self._folder = folder
        self._speak = speak
        self._clips = ClipFolder(folder / "spoken")
        self._mouths = asyncio.Semaphore(MOUTHS)
        self._spoken: OrderedDict[tuple[str, str, str, str], asyncio.Task[bytes]] = OrderedDict()

    async def prepare(self) -> None:
        """Makes the gateway's own clips; where nothing can speak, tones stand in."""
        self.beep = await asyncio.to_thread(tone, 1000, 0.25)
        sorry = await asyncio.to_thread(tone, 400, 0.5)
        self.apology = self.apology or (sorry + silence(0.25)) * 3
        self.hold = self.hold or self.beep
        self.apology = await self._own(APOLOGY) or self.apology
        self.hold = await self._own(HOLD) or self.hold
        self.is_prepared = True

    def close(self) -> None:
        """Gives up what is being spoken."""
        for task in self._spoken.values():
            task.cancel()

    async def clip(self, verb: Nested, base: str) -> bytes:
        """One round of `verb` as µ-law; URLs are read relative to `base`.

        Raises Unreachable where the sound cannot be had now, InvalidInput where it never can.
        """
        if isinstance(verb, Pause):
            return silence(min(verb.length, LONGEST_PAUSE))
        if isinstance(verb, Say):
            return await self._say(verb)
        return await self._fetch(urljoin(base, verb.url))

    def foresee(self, verb: Nested, base: str) -> None:
        """Starts to make `verb`'s clip, for a caller who will hear it soon."""
        if isinstance(verb, Say):
            self._spoken_by(verb)
        elif isinstance(verb, Play) and prompt_name(verb.url):
            self._prompts.foresee(prompt_name(urljoin(base, verb.url)))

    async def _say(self, verb: Say) -> bytes:
        return await asyncio.shield(self._spoken_by(verb))

    def _spoken_by(self, verb: Say) -> asyncio.Task[bytes]:
        key = (verb.text, verb.ssml, verb.language, verb.voice)
        found = self._spoken.get(key)
        if found is None or (found.done() and (found.cancelled() or found.exception())):
            found = asyncio.create_task(self._speak_in_thread(verb))
            found.add_done_callback(self._spoke)
            self._spoken[key] = found
        self._spoken.move_to_end(key)
        return found

    def _spoke(self, _done: asyncio.Task[bytes]) -> None:
        sizes = [_size(clip) for clip in self._spoken.values()]
        size = sum(sizes)
        for one in sizes[:-1]:
            if len(self._spoken) <= SPOKEN_CLIPS and size <= SPOKEN_BYTES:
                break
            self._spoken.popitem(last=False)
            size -= one

    async def _speak_in_thread(self, verb: Say) -> bytes:
        """Speaks in a daemon thread: loading a voice takes seconds, and must not delay an exit."""
        loop = asyncio.get_running_loop()
        clip: asyncio.Future[bytes] = loop.create_future()

        def tell(audio: bytes, error: Exception | None) -> None:
            if clip.done():
                return
            if error is None:
                clip.set_result(audio)
            else:
                clip.set_exception(error)

        def work() -> None:
            audio, fault = b"", None
            try:
                audio = self._speak_once(verb)
            except Exception as error:  # noqa: BLE001 handed on to whoever waits for the clip
                fault = error
            with contextlib.suppress(RuntimeError):  # the loop is closed, nobody waits any more
                loop.call_soon_threadsafe(tell, audio, fault)

        async with self._mouths:
            threading.Thread(target=work, name="speech", daemon=True).start()
            return await clip

    def _speak_once(self, verb: Say) -> bytes:
        """The clip that an earlier gateway kept, else a new one, which is kept."""
        speakers = (speech.service_for(verb.language), *speech.engines())
        key = (verb.text, verb.ssml, verb.language, verb.voice, *speakers)
        found = self._clips.get(key)
        if found is None:
            before = speech.stand_ins()
            found = self._speak_leniently(verb)
            if speech.stand_ins() == before:
                self._clips.put(key, found)
        return found

    def _speak_leniently(self, verb: Say) -> bytes:
        """Speaks; an unknown voice or language takes the default (RCML reference, section 4)."""
        voice = verb.voice if verb.voice.lower() in {"man", "woman"} else "man"
        try:
            return self._speak_as(verb, verb.language, voice)
        except InvalidInput:
            return self._speak_as(verb, "en", voice)

    def _speak_as(self, verb: Say, language: str, voice: str) -> bytes:
        if verb.ssml:
            return self._speak(verb.text, language=language, voice=voice, ssml=verb.ssml)
        return self._speak(verb.text, language=language, voice=voice)

    async def _fetch(self, url: str) -> bytes:
        name = prompt_name(url)
        if name:
            return await self._prompts.get(name)
        reply = await self._web.get(url)
        if not reply.is_good:
            raise Unreachable(f"{url} answered {reply.status}; audio was expected")
        if reply.kind == "audio/basic":
            return reply.body
        return await asyncio.to_thread(lambda: speech.to_mulaw(speech.read_wav(reply.body)))

    async def _own(self, text: str) -> bytes:
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        path = self._folder / f"{name}.ulaw"
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError:
            pass
        try:
            clip = await self._say(Say(text))
        except DeskbellError as error:
            log.warning("the gateway cannot say %r, a tone stands in: %s", text, error)
            return b""
        try:
            await asyncio.to_thread(write_whole, path, clip)
        except OSError as error:
            log.warning("%s cannot be kept: %s", path, error)
        return clip


def _size(clip: asyncio.Task[bytes]) -> int:
    """A clip's bytes. Takes its error too: nobody may wait for it, and asyncio would complain."""
    return (
        len(clip.result()) if clip.done() and not clip.cancelled() and not clip.exception() else 0
    )
