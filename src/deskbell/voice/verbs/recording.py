"""Record: what the caller says, from the beep to the web side.

Source: RCML reference, section 7, and the agreed door between web and gateway: an empty recording
runs the next verb; the action is asked also where the caller has hung up, and then its answer
counts for nothing.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urljoin

from deskbell.foundation.errors import InvalidInput
from deskbell.rcml.verbs import Record

from ..call import Call, CallEnded, Interrupted, Key
from ..media import Recorded
from ..pages import Page, next_page
from ..recordings import Follower, Pending
from .transcribing import transcribe

LEAST_VOICE_SECONDS: Final = 0.2
UPLOAD_SECONDS: Final = 2.0
WRITE_SECONDS: Final = 20.0  # nobody waits any more, and what was said is not thrown away


async def record(call: Call, verb: Record, page: Page) -> Page | None:
    """Records, uploads, and asks the action what is next."""
    await call.answer()
    if verb.play_beep:
        await call.until_played(call.play([call.services.sounds.beep]))
    call.forget_keys()
    recordings = call.services.recordings
    pending = recordings.begin(
        call_sid=call.sid,
        method=verb.method,
        action=urljoin(page.url, verb.action or page.url),
        fields=call.fields() | {"CallStatus": "completed"},
        follower=_follower(verb, page),
    )
    recorded, key = await _listen(call, verb, pending)
    if recorded is None:
        call.trace.warn("recording_unfinished", sid=pending.sid)  # the next gateway delivers it
        call.check()
        raise CallEnded
    if recorded.voiced_seconds < LEAST_VOICE_SECONDS:
        call.trace.note("nothing_recorded")
        recordings.discard(pending)
        call.check()
        return None
    digits = "hangup" if call.ended else recorded.key or key
    call.trace.note("recorded", sid=pending.sid, seconds=recorded.seconds, digits=digits)
    if verb.transcribe and verb.transcribe_callback:
        url = urljoin(page.url, verb.transcribe_callback)
        wav = await asyncio.to_thread(pending.path.read_bytes)
        transcribe(call, url, pending, wav)
    return await _hand_over(call, verb, pending, recorded.seconds, digits)


def _follower(verb: Record, page: Page) -> Follower | None:
    if not verb.recording_status_callback:
        return None
    return Follower(
        urljoin(page.url, verb.recording_status_callback),
        verb.recording_status_callback_method,
        verb.recording_status_callback_event,
        {"RecordingSource": "RecordVerb", "RecordingChannels": "1"},
    )


async def _listen(call: Call, verb: Record, pending: Pending) -> tuple[Recorded | None, str]:
    recording_id = call.leg.record(
        pending.path,
        max_seconds=verb.max_length,
        silence_seconds=verb.timeout,
        finish_keys=verb.finish_on_key,
    )
    key = ""
    try:
        while True:
            event = await call.next_event()
            if isinstance(event, Recorded) and event.recording_id == recording_id:
                return event, key
            if isinstance(event, Key) and event.key in verb.finish_on_key:
                key = event.key
                call.leg.stop_recording(recording_id)
    except Interrupted:
        call.leg.stop_recording(recording_id)
        return await call.last_recorded(recording_id, WRITE_SECONDS), key


async def _hand_over(
    call: Call, verb: Record, pending: Pending, seconds: float, digits: str
) -> Page | None:
    recordings = call.services.recordings
    parcel = await recordings.keep(pending, seconds=seconds, digits=digits, trim=verb.trim)
    told = {
        name: value
        for name, value in pending.action.fields.items()
        if name.startswith("Recording") or name == "Digits"
    }
    is_owed = True  # until the action has answered, in whatever words
    try:
        await call.patiently(call.services.spool.accepted(parcel, within=UPLOAD_SECONDS))
        call.check()
        try:
            page = await next_page(call, verb.method, pending.action.url, told)
        except InvalidInput:
            is_owed = False
            raise
        is_owed = False
        return page
    finally:
        if is_owed:
            recordings.owe(pending)
        else:
            recordings.settle(pending)
