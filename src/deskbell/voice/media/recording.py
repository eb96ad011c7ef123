"""The part of a recording that needs every packet at once: order, gaps, silence, the end.

Decoding and the disk are `writer.py`'s, in another thread.
"""

from __future__ import annotations

from collections.abc import Callable

from .events import Reason
from .g711 import PACKET_SAMPLES, RATE, SILENCE, Codec, as_codec
from .loudness import Ear
from .rtp import step

_BLOCK = RATE  # what goes to the writer at a time
_KEPT = RATE // 5  # what stays here for a late packet to be put in its place


class Recorder:
    """Turns one caller's packets into a steady stream of audio; times are seconds of one clock.

    `write` takes the audio, in `codec`, in blocks of a second.
    """

    __slots__ = (
        "_block",
        "_codec",
        "_ear",
        "_finish_keys",
        "_heard_at",
        "_max_samples",
        "_next",
        "_samples",
        "_silence_seconds",
        "_started",
        "_voiced_at",
        "_voiced_samples",
        "_write",
    )

    def __init__(
        self,
        write: Callable[[bytes], None],
        *,
        codec: Codec,
        max_seconds: float,
        silence_seconds: float,
        finish_keys: str,
        now: float,
    ) -> None:
        self._write = write
        self._codec: Codec = codec
        self._max_samples = round(max_seconds * RATE)
        self._silence_seconds = silence_seconds
        self._finish_keys = finish_keys
        self._started = self._heard_at = self._voiced_at = now
        self._next: int | None = None
        self._samples = self._voiced_samples = 0
        self._block = bytearray()
        self._ear = Ear()

    @property
    def voiced_seconds(self) -> float:
        """How much of the audio stood out of the noise."""
        return self._voiced_samples / RATE

    def hear(self, audio: bytes, *, came_as: Codec, timestamp: int, now: float) -> None:
        """Takes one packet's audio: in its place by `timestamp`, gaps filled with silence."""
        audio = as_codec(audio, came_as=came_as, wanted=self._codec)
        ahead = 0 if self._next is None else step(timestamp, self._next, bits=32)
        if -RATE < ahead < 0:
            self._mend(audio, ahead)
            return
        self._add_silence(self._gap(ahead, now))
        if self._ear.hears_voice(audio, self._codec):
            self._voiced_at = now
            self._voiced_samples += len(audio)
        self._add(audio)
        self._next = (timestamp + len(audio)) & 0xFFFFFFFF
        self._heard_at = now

    def due(self, now: float) -> Reason | None:
        """Why the recording has to end now, if it has to; to be asked every 20 ms."""
        if self._samples >= self._max_samples:
            return "max_length"
        if now - self._voiced_at >= self._silence_seconds:
            return "silence"
        if (now - self._started) * RATE >= self._max_samples:
            return "max_length"
        return None

    def is_finished_by(self, key: str) -> bool:
        """Whether pressing `key` ends this recording."""
        return key in self._finish_keys

    def flush(self) -> None:
        """Hands all that is still here to the writer."""
        if self._block:
            self._write(bytes(self._block))
            self._block.clear()

    def _gap(self, ahead: int, now: float) -> int:
        """Samples missing before a packet that is `ahead` of its place.

        A jump that the clock does not bear out is a new stream, not a gap: then the clock decides.
        """
        passed = int((now - self._heard_at) * RATE)
        if 0 <= ahead <= max(passed, 0) + RATE:
            return ahead
        return max(0, passed - PACKET_SAMPLES)

    def _add_silence(self, samples: int) -> None:
        if samples:
            silence = as_codec(SILENCE[:1], came_as="PCMU", wanted=self._codec)
            self._add(silence * min(samples, self._max_samples))

    def _add(self, audio: bytes) -> None:
        self._block += audio[: self._max_samples - self._samples]
        self._samples = min(self._max_samples, self._samples + len(audio))
        while len(self._block) >= _BLOCK + _KEPT:
            self._write(bytes(self._block[:_BLOCK]))
            del self._block[:_BLOCK]

    def _mend(self, audio: bytes, ahead: int) -> None:
        begin = len(self._block) + ahead
        if begin >= 0 and begin + len(audio) <= len(self._block):
            self._block[begin : begin + len(audio)] = audio
