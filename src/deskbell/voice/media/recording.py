"""The part of a recording that needs every packet at once: order, silence, the end.

Decoding, mixing and the disk are `writer.py`'s, in another thread.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from .events import Reason
from .g711 import RATE, Law
from .loudness import Ear
from .track import Track
from .writer import Writer

Ways: TypeAlias = Literal["heard", "both", "dual"]

_BLOCK = RATE  # what goes to the writer at a time; the first time less, so that they spread
_KEPT = RATE // 5  # what stays here for a late packet to be put in its place
_LAG = 0.5  # seconds without packets until one of two directions is filled with silence


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """What `Leg.record` asks for; times in seconds."""

    recording_id: int
    path: Path
    max_seconds: float
    silence_seconds: float
    finish_keys: str
    ways: Ways = "heard"


def _first_block() -> int:
    return random.randrange(_BLOCK // 8, _BLOCK)  # noqa: S311 - spreads load, no secret


class Limits:
    """What ends a recording: its length, silence, a key."""

    __slots__ = ("_ear", "_order", "_started", "_voiced_at", "_voiced_samples")

    def __init__(self, order: RecordingOrder, now: float) -> None:
        self._order = order
        self._started = self._voiced_at = now
        self._voiced_samples = 0
        self._ear = Ear()

    @property
    def samples(self) -> int:
        """The longest that the recording may get."""
        return round(self._order.max_seconds * RATE)

    @property
    def voiced_seconds(self) -> float:
        """How much of what the peer said stood out of the noise."""
        return self._voiced_samples / RATE

    def hear(self, audio: bytes, came_as: Law, now: float) -> None:
        """Takes the peer's next packet."""
        if self._ear.hears_voice(audio, came_as):
            self._voiced_at = now
            self._voiced_samples += len(audio)

    def due(self, samples: int, now: float) -> Reason | None:
        """Why a recording of `samples` has to end now, if it has to."""
        if samples >= self.samples:
            return "max_length"
        if now - self._voiced_at >= self._order.silence_seconds:
            return "silence"
        return "max_length" if (now - self._started) * RATE >= self.samples else None

    def is_finished_by(self, key: str) -> bool:
        """Whether pressing `key` ends the recording."""
        return key in self._order.finish_keys


class Recorder:
    """Turns one peer's packets into a steady stream of audio; times are seconds of one clock.

    `write` takes the audio, in `law`, in blocks of a second.
    """

    __slots__ = ("_block", "_track", "_write", "limits")

    def __init__(
        self, write: Callable[[bytes], None], *, law: Law, order: RecordingOrder, now: float
    ) -> None:
        self.limits = Limits(order, now)
        self._write = write
        self._block = _first_block()
        self._track = Track(law=law, now=now, limit=self.limits.samples)

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> None:
        """Takes what the peer said."""
        if not self._track.hear(audio, came_as=came_as, timestamp=timestamp, now=now):
            return
        self.limits.hear(audio, came_as, now)
        while self._track.waiting >= self._block + _KEPT:
            self._write(self._track.cut(self._block))
            self._block = _BLOCK

    def due(self, now: float) -> Reason | None:
        """Why the recording has to end now, if it has to; to be asked every 20 ms."""
        return self.limits.due(self._track.samples, now)

    def flush(self) -> None:
        """Hands all that is still here to the writer."""
        if self._track.waiting:
            self._write(self._track.cut(self._track.waiting))


class TwoWayRecorder:
    """The same for both directions of a leg, which begin together and are kept side by side.

    `write` takes equally long pieces of what the peer said and of what it was sent.
    """

    __slots__ = ("_block", "_heard", "_sent", "_write", "limits")

    def __init__(
        self, write: Callable[[bytes, bytes], None], *, law: Law, order: RecordingOrder, now: float
    ) -> None:
        self.limits = Limits(order, now)
        self._write = write
        self._block = _first_block()
        self._heard, self._sent = (
            Track(law=law, now=now, limit=self.limits.samples, is_aligned=True) for _ in range(2)
        )

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> None:
        """Takes what the peer said."""
        if self._heard.hear(audio, came_as=came_as, timestamp=timestamp, now=now):
            self.limits.hear(audio, came_as, now)

    def send(self, audio: bytes, *, sent_as: Law, timestamp: int, now: float) -> None:
        """Takes what was sent to the peer."""
        self._sent.hear(audio, came_as=sent_as, timestamp=timestamp, now=now)

    def due(self, now: float) -> Reason | None:
        """Why the recording has to end now, if it has to; to be asked every 20 ms."""
        for track in (self._heard, self._sent):
            track.catch_up(now, _LAG)
        ready = min(self._heard.waiting, self._sent.waiting)
        if ready >= self._block + _KEPT:
            self._write(self._heard.cut(self._block), self._sent.cut(self._block))
            self._block = _BLOCK
        return self.limits.due(max(self._heard.samples, self._sent.samples), now)

    def flush(self) -> None:
        """Hands all that is still here to the writer; the shorter direction ends in silence."""
        ready = max(self._heard.waiting, self._sent.waiting)
        if ready:
            self._write(*(track.cut_filled(ready) for track in (self._heard, self._sent)))


class Recording:
    """A recording that runs: what is taken, and the file that it goes into."""

    __slots__ = ("_file", "order", "recorder", "two_ways")

    def __init__(self, order: RecordingOrder, writer: Writer, *, law: Law, now: float) -> None:
        self.order = order
        self.two_ways: TwoWayRecorder | None = None
        self.recorder: Recorder | TwoWayRecorder
        if order.ways == "heard":
            self._file = writer.open(order.path, law)
            self.recorder = Recorder(self._file.write, law=law, order=order, now=now)
        else:
            self._file = writer.open(order.path, law, "dual" if order.ways == "dual" else "mixed")
            write = self._file.write_both
            self.recorder = self.two_ways = TwoWayRecorder(write, law=law, order=order, now=now)

    def end(self, report: Callable[[float, float], None]) -> None:
        """Completes the file; then `report` is told its seconds, and how many were voiced."""
        self.recorder.flush()
        voiced = self.recorder.limits.voiced_seconds
        self._file.finish(lambda samples: report(samples / RATE, voiced if samples else 0.0))
