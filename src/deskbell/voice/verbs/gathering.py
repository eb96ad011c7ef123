"""Gather: keys, speech or whichever comes first, while prompts play. RCML reference, section 3."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urljoin

from deskbell.rcml.verbs import Gather, Pause
from deskbell.speech import Heard

from ..call import Call, Event, Key, Told
from ..media import Played
from ..pages import Page, next_page
from .collecting import Collecting
from .listening import Listening, Partials
from .sounding import clip_of

MOST_ROUNDS: Final = 1000
LATE_SECONDS: Final = 2.0


async def gather(call: Call, verb: Gather, page: Page) -> Page | None:
    """Plays the prompts, collects what is pressed or said, and asks the action what is next."""
    listening = Listening.to(call, verb) if "speech" in verb.input else None
    try:
        clips = await _prompt(call, verb, page)
        await call.answer()
        got = await _Gathering(call, verb, page, listening).run(clips)
    finally:
        if listening is not None:
            listening.close()
    told = got.result()
    call.trace.note("gathered", **told)
    if got.is_empty and not verb.action_on_empty_result:
        return None
    url = urljoin(page.url, verb.action or page.url)
    return await next_page(call, verb.method, url, told)


async def _prompt(call: Call, verb: Gather, page: Page) -> list[bytes]:
    """The prompts in a row; one that would never end is played once (section 3)."""
    clips: list[bytes] = []
    for nested in verb.nested:
        clip = await clip_of(call, nested, page)
        rounds = 1 if isinstance(nested, Pause) else min(max(1, nested.loop), MOST_ROUNDS)
        clips += [clip] * rounds if clip else []
    return clips


class _Gathering:
    """One Gather as it goes on: what happens to the call becomes what it collects."""

    def __init__(self, call: Call, verb: Gather, page: Page, listening: Listening | None) -> None:
        callback = verb.partial_result_callback
        self._call = call
        self._got = Collecting(verb)
        self._listening = listening
        self._partials = Partials(call, verb, urljoin(page.url, callback) if callback else "")
        self._play_id: int | None = None
        self._now = asyncio.get_running_loop().time

    async def run(self, clips: list[bytes]) -> Collecting:
        """Plays and waits until the Gather is complete, or nothing more comes."""
        got = self._got
        if clips:
            self._play_id = self._call.play(clips)
        if not clips or got.is_open:
            self._listen()
        if not clips:
            got.prompts_over(self._now())
        while not got.is_complete:
            event = await self._next()
            if event is not None:
                self._take(event)
            elif got.expired(self._now()) and self._listening is not None:
                self._listening.finish()
        if got.digits and len(got.digits) == got.verb.num_digits:
            self._call.finishing = (got.verb.finish_on_key, self._now() + LATE_SECONDS)
        return got

    def _listen(self) -> None:
        if self._listening is not None:
            self._listening.open()

    async def _next(self) -> Event | None:
        deadline = self._got.deadline
        return await self._call.next_event(
            None if deadline is None else max(0.0, deadline - self._now())
        )

    def _take(self, event: Event) -> None:
        if isinstance(event, Key):
            self._pressed(event.key)
        elif isinstance(event, Told) and isinstance(event.what, Heard):
            self._heard(event.what)
        elif isinstance(event, Played) and event.play_id == self._play_id:
            if not self._got.is_open:
                self._listen()
            self._got.prompts_over(self._now())

    def _pressed(self, key: str) -> None:
        if _is_late(self._call, key) or not self._got.pressed(key, self._now()):
            return
        self._call.leg.stop_playing()
        if self._listening is not None:
            self._listening.close()

    def _heard(self, heard: Heard) -> None:
        if heard.is_final:
            others = tuple(text for text, _ in heard.alternatives)
            self._got.heard(heard.text, heard.confidence, others)
        elif heard.text:
            self._got.goes_on(self._now())
            self._partials.tell(heard)
        elif self._got.speaks(self._now()):
            self._call.trace.note("speaks")
            self._call.leg.stop_playing()


def _is_late(call: Call, key: str) -> bool:
    """Whether a key ends digits that were complete without it, as `#` does behind an extension.

    Only the next key can, and only soon.
    """
    keys, until = call.finishing
    call.finishing = ("", 0.0)
    return key in keys and asyncio.get_running_loop().time() < until
