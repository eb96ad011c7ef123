"""What was recorded, as text: by the recogniser, beside the call, one recording at a time.

Source: RCML reference, section 7; https://www.twilio.com/docs/voice/twiml/record#transcribe, also
for two minutes at most. A recording that cannot be understood here is told as failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from deskbell import speech
from deskbell.foundation.errors import DeskbellError
from deskbell.foundation.sids import new_sid
from deskbell.speech import Heard

from ..call import Call
from ..recordings import Pending
from ..spool import Parcel, Spool

LANGUAGE: Final = "en-US"
LONGEST_SECONDS: Final = 120.0
PIECE_SECONDS: Final = (7.0, 12.0)  # where a piece may end: the callers of now are heard first
UNDERSTANDING_SECONDS: Final = 60.0
END_SILENCE: Final = 10.0
RATE: Final = 8000
_FRAME: Final = RATE // 50
_turns: Final[WeakKeyDictionary[Spool, asyncio.Semaphore]] = WeakKeyDictionary()
_tasks: Final[set[asyncio.Task[None]]] = set()


def transcribe(call: Call, url: str, pending: Pending, wav: bytes) -> None:
    """Starts to make text of a WAV file; `url` is told of it, whenever that is done."""
    fields = pending.action.fields
    told = call.fields() | {
        "TranscriptionSid": new_sid("TR"),
        "RecordingSid": pending.sid,
        "RecordingUrl": fields["RecordingUrl"],
    }
    task = asyncio.create_task(_tell(call.services.spool, url, told, wav))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _tell(spool: Spool, url: str, told: Mapping[str, str], wav: bytes) -> None:
    try:
        async with _turns.setdefault(spool, asyncio.Semaphore(1)):
            text = await text_of(wav)
    except (DeskbellError, TimeoutError):
        text = ""
    status = "completed" if text else "failed"
    result = {"TranscriptionText": text, "TranscriptionStatus": status}
    spool.send(Parcel("form", url, fields={**told, **result}))


async def text_of(wav: bytes) -> str:
    """The words of a WAV file; empty for one that is too long, or in which nothing was understood.

    Raises SpeechUnavailable, InvalidInput, TimeoutError.
    """
    pcm = await asyncio.to_thread(speech.read_wav, wav)
    if len(pcm) > LONGEST_SECONDS * RATE * 2:
        return ""
    words = [await _understood(piece) for piece in pieces(pcm)]
    return " ".join(word for word in words if word)


def pieces(pcm: bytes) -> Iterator[bytes]:
    """PCM16 at 8 kHz cut where it is quietest, in pieces that an ear can hear out."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    levels = [float(np.abs(frame).mean()) for frame in _frames(samples)]
    least, most = (int(seconds * RATE / _FRAME) for seconds in PIECE_SECONDS)
    begin = 0
    while len(levels) - begin > most:
        window = levels[begin + least : begin + most]
        end = begin + least + window.index(min(window))
        yield pcm[begin * _FRAME * 2 : end * _FRAME * 2]
        begin = end
    yield pcm[begin * _FRAME * 2 :]


def _frames(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Iterator[np.ndarray]:
    return (samples[at : at + _FRAME] for at in range(0, len(samples), _FRAME))


async def _understood(pcm: bytes) -> str:
    loop = asyncio.get_running_loop()
    result: asyncio.Future[str] = loop.create_future()

    def settle(text: str) -> None:
        if not result.done():
            result.set_result(text)

    def take(heard: Heard) -> None:
        if heard.is_final:
            loop.call_soon_threadsafe(settle, heard.text)

    ear = speech.open_ear(language=LANGUAGE, hints=(), on_heard=take, end_silence=END_SILENCE)
    try:
        ear.hear(await asyncio.to_thread(speech.to_mulaw, pcm))
        ear.finish()
        async with asyncio.timeout(UNDERSTANDING_SECONDS):
            return await result
    finally:
        ear.close()
