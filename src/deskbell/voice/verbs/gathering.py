"""Gather: keys, while prompts play. Source: RCML reference, section 3.

Speech is not recognised yet: where nothing but speech is asked for, the caller is heard out and
nothing was understood, so that the action can say what is next.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urljoin

from deskbell.rcml.verbs import Gather, Pause

from ..call import Call, Key
from ..media import Played
from ..pages import Page, next_page
from .sounding import clip_of

MOST_ROUNDS: Final = 1000
LATE_SECONDS: Final = 2.0


class _Keys:
    """The keys of one Gather: which count, and when it is complete."""

    def __init__(self, verb: Gather) -> None:
        self.digits = ""
        self.is_complete = False
        self._verb = verb

    def take(self, key: str) -> bool:
        """Takes a key; whether it counted."""
        if self._verb.input == "speech":
            return False
        if key in self._verb.finish_on_key:
            self.is_complete = True
            return True
        if not self.digits and key not in self._verb.start_input_key:
            return False
        self.digits += key
        self.is_complete = len(self.digits) == self._verb.num_digits
        return True


async def gather(call: Call, verb: Gather, page: Page) -> Page | None:
    """Plays the prompts, collects keys, and asks the action what is next."""
    asks_speech = "speech" in verb.input
    if asks_speech:
        call.trace.warn("no_recognition", input=verb.input)
    clips = await _prompt(call, verb, page)
    await call.answer()
    digits = await _collect(call, verb, clips)
    call.trace.note("gathered", digits=digits)
    if not digits and not verb.action_on_empty_result:
        return None
    url = urljoin(page.url, verb.action or page.url)
    told = {"Digits": digits} | ({"SpeechResult": ""} if asks_speech else {})
    return await next_page(call, verb.method, url, told)


async def _prompt(call: Call, verb: Gather, page: Page) -> list[bytes]:
    """The prompts in a row; one that would never end is played once (section 3)."""
    clips: list[bytes] = []
    for nested in verb.nested:
        clip = await clip_of(call, nested, page)
        rounds = 1 if isinstance(nested, Pause) else min(max(1, nested.loop), MOST_ROUNDS)
        clips += [clip] * rounds if clip else []
    return clips


async def _collect(call: Call, verb: Gather, clips: list[bytes]) -> str:
    before = verb.timeout if verb.pre_timeout is None else verb.pre_timeout
    after = verb.timeout if verb.post_timeout is None else verb.post_timeout
    keys = _Keys(verb)
    now = asyncio.get_running_loop().time
    play_id = call.play(clips) if clips else None
    deadline = None if clips else now() + before
    while not keys.is_complete:
        event = await call.next_event(None if deadline is None else max(0.0, deadline - now()))
        if event is None:
            break
        if isinstance(event, Played) and event.play_id == play_id and not keys.digits:
            deadline = now() + before
        elif isinstance(event, Key) and not _is_late(call, event.key) and keys.take(event.key):
            call.leg.stop_playing()
            deadline = now() + after
    if keys.digits and len(keys.digits) == verb.num_digits:
        call.finishing = (verb.finish_on_key, now() + LATE_SECONDS)
    return keys.digits


def _is_late(call: Call, key: str) -> bool:
    """Whether a key ends digits that were complete without it, as `#` does behind an extension.

    Only the next key can, and only soon.
    """
    keys, until = call.finishing
    call.finishing = ("", 0.0)
    return key in keys and asyncio.get_running_loop().time() < until
