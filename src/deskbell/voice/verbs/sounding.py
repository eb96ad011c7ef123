"""Say, Play and Pause, on their own and as the prompts of a Gather."""

from __future__ import annotations

import asyncio

from deskbell.foundation.errors import DeskbellError
from deskbell.rcml.verbs import Nested, Pause, Play, Say

from ..call import Call
from ..pages import Page
from ..sounds import LONGEST_PAUSE


async def clip_of(call: Call, verb: Nested, page: Page) -> bytes:
    """One round of `verb`; what cannot be had is silence, and said so in the trace."""
    try:
        clip = await call.patiently(call.services.sounds.clip(verb, page.url), only_to_hear=True)
    except DeskbellError as error:
        call.trace.warn("not_heard", what=_named(verb), why=error)
        return b""
    call.trace.note("hears", what=_named(verb), seconds=len(clip) / 8000)
    return clip


def _named(verb: Nested) -> str:
    if isinstance(verb, Say):
        return verb.text
    return verb.url if isinstance(verb, Play) else "pause"


async def sound(call: Call, verb: Say | Play, page: Page) -> Page | None:
    """Says or plays to the end, as often as `loop` says; keys count for nothing."""
    if isinstance(verb, Play) and verb.digits:
        await call.answer()
        call.trace.note("sends_keys", count=len(verb.digits))
        await call.until_played(call.leg.send_digits(verb.digits))
        return None
    clip = await clip_of(call, verb, page)  # before the answer: it rings while this takes time
    await call.answer()
    call.forget_keys()
    if clip:
        await call.until_played(call.play([clip], loop=verb.loop))
    return None


async def pause(call: Call, verb: Pause, _page: Page) -> Page | None:
    """Waits; as the first verb of a call, before it is answered."""
    call.trace.note("pauses", seconds=verb.length)
    end = asyncio.get_running_loop().time() + min(verb.length, LONGEST_PAUSE)
    while (left := end - asyncio.get_running_loop().time()) > 0:
        await call.next_event(left)
    return None
