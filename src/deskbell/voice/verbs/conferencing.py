"""Conference: joins the caller to a room, and entertains who has to wait there.

Source: RCML reference, section 6b and 8; https://www.twilio.com/docs/voice/twiml/conference.
The waiting document runs on the waiting call as any other, and is asked for again at its end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urljoin

from deskbell.rcml.verbs import Conference, Dial, Gather, Record

from .. import tones
from ..call import Call, Key, Origin
from ..conferences import Full, Meeting, Member, MemberState
from ..pages import Page

LEAST_ROUND: Final = 1.0
_NOT_WHILE_WAITING: Final = frozenset({Dial, Gather, Record})


async def confer(call: Call, verb: Dial, noun: Conference, page: Page) -> dict[str, str] | None:
    """Joins the room until the caller leaves it; what the action learns, None for a full room.

    Raises CallEnded, Redirected, Refusal.
    """
    await call.answer()
    noun = _with_whole_urls(noun, page)
    meeting = call.services.conferences.open(call.services, call.account, noun)
    try:
        member = meeting.enter(call, noun)
    except Full as error:
        call.trace.note("room_is_full", room=noun.name, why=error)
        return None
    began = time.monotonic()
    call.extra |= meeting.facts
    try:
        async with asyncio.timeout(verb.time_limit):
            await _be_in(meeting, member, verb)
    except TimeoutError:
        call.trace.note("time_limit", seconds=verb.time_limit)
    finally:
        meeting.leave(member)
        for name in meeting.facts:
            call.extra.pop(name, None)
        if call.has_leg:
            call.leg.stop_playing()
    return {
        "DialCallStatus": "completed",
        "DialCallSid": call.sid,
        "DialCallDuration": str(round(time.monotonic() - began)),
        **meeting.facts,
    }


def _with_whole_urls(noun: Conference, page: Page) -> Conference:
    def whole(url: str) -> str:
        return urljoin(page.url, url) if url else ""

    return replace(
        noun,
        wait_url=None if noun.wait_url is None else whole(noun.wait_url),
        status_callback=whole(noun.status_callback),
        recording_status_callback=whole(noun.recording_status_callback),
    )


async def _be_in(meeting: Meeting, member: Member, verb: Dial) -> None:
    """Waits and talks until the member is out. Raises CallEnded, Redirected."""
    state: MemberState = meeting.state(member)
    while state != "out":
        member.changed.clear()
        if state == "talking":
            meeting.talk(member)
            work = _talk(member.call, verb)
        else:
            meeting.wait(member)
            work = _entertain(member, is_held=state == "held")
        if await _until_changed(meeting, member, work, state):
            return
        state = meeting.state(member)


async def _until_changed(
    meeting: Meeting, member: Member, work: Coroutine[Any, Any, None], state: MemberState
) -> bool:
    """Does `work` until the member's state is another than `state`; whether `work` came to an end.

    Raises CallEnded, Redirected.
    """
    tasks: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(work),
        asyncio.ensure_future(member.call.until_over()),
    ]
    try:
        while meeting.state(member) == state:
            changed = asyncio.ensure_future(member.changed.wait())
            tasks.append(changed)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            tasks.remove(changed)
            changed.cancel()
            member.changed.clear()
            for task in tasks:
                if task.done():
                    await task
                    return True
        return False
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _talk(call: Call, verb: Dial) -> None:
    """Until the caller presses the star, where that leaves the room."""
    while True:
        event = await call.next_event()
        if verb.hangup_on_star and isinstance(event, Key) and event.key == "*":
            return


async def _entertain(member: Member, *, is_held: bool) -> None:
    """The waiting document or the music, for as long as it takes."""
    origin = member.hold_with if is_held else _waiting(member.noun)
    call = member.call
    while origin is not None and origin.url and not call.ended:
        begun = time.monotonic()
        went_well = await call.services.walk(
            call, origin, without=_NOT_WHILE_WAITING, is_aside=True
        )
        if not went_well:
            origin = None  # better music than nothing
            break
        await asyncio.sleep(max(0.0, LEAST_ROUND - (time.monotonic() - begun)))
    if origin is None:
        call.play([await asyncio.to_thread(tones.music)], loop=0)
    await asyncio.Event().wait()


def _waiting(noun: Conference) -> Origin | None:
    """None is music, an origin without a URL silence."""
    return None if noun.wait_url is None else Origin(noun.wait_url, noun.wait_method)
