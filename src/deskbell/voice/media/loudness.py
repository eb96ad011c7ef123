"""Telling speech from silence in G.711, cheaply enough to do it in the media thread.

G.711 codes are already logarithmic: the seven bits of magnitude are about 16 steps to 6 dB. Their
mean over a packet is its level. The floor under which a level counts as silence follows the
line's own noise, so comfort noise or a humming car does not keep a recording open, while anything
as loud as a near voice counts at any floor.
"""

from __future__ import annotations

from .g711 import MULAW_OF_ALAW, Law

QUIET = 14.0  # about -47 dBFS: nothing under it is ever a voice
LOUD = 72.0  # about -21 dBFS: nothing over it is ever mere noise
MARGIN = 12.0  # how far a voice stands out of the noise
RISE = 0.08  # of the floor, per packet of 20 ms: 4 steps a second
STEADY = 2  # packets in a row before a sound is a voice and not a click

_MULAW_SIZE = bytes(~byte & 0x7F for byte in range(256))
_SIZES: dict[Law, bytes] = {
    "PCMU": _MULAW_SIZE,
    "PCMA": bytes(_MULAW_SIZE[byte] for byte in MULAW_OF_ALAW),
}


def level(audio: bytes, codec: Law) -> float:
    """The mean magnitude of `audio`, 0 (silence) to 127 (full scale), about 2.7 steps to a dB."""
    return sum(audio.translate(_SIZES[codec])) / len(audio) if audio else 0.0


class Ear:
    """Follows one caller's noise floor and says of each packet whether it is voice."""

    __slots__ = ("_floor", "_run")

    def __init__(self) -> None:
        self._floor = 0.0
        self._run = 0

    def hears_voice(self, audio: bytes, codec: Law) -> bool:
        """Whether `audio`, the next 20 ms, is part of a sound that stands out of the noise."""
        now = level(audio, codec)
        self._floor = min(now, self._floor + RISE)
        voiced = now >= QUIET and (now >= LOUD or now >= self._floor + MARGIN)
        self._run = self._run + 1 if voiced else 0
        return self._run >= STEADY
