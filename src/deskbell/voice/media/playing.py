"""Prompts as 20 ms slices of the bytes that everybody shares: a play owns no audio."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from .g711 import PACKET_SAMPLES, SILENCE


def slices(clips: Sequence[bytes], *, loop: int) -> Iterator[bytes]:
    """The clips one after the other, `loop` times (0: for ever), in pieces of 160 bytes.

    A clip's odd end is joined to the next clip's beginning; only the very last piece is filled up
    with silence. Clips without any audio end at once, even for ever.
    """
    sounding = [clip for clip in clips if clip]
    rounds = itertools.repeat(None, loop) if loop else itertools.repeat(None)
    rest = b""
    for _ in rounds if sounding else ():
        for clip in sounding:
            begin = 0
            if rest:
                begin = PACKET_SAMPLES - len(rest)
                rest += clip[:begin]
                if len(rest) < PACKET_SAMPLES:
                    continue
                yield rest
            whole = begin + (len(clip) - begin) // PACKET_SAMPLES * PACKET_SAMPLES
            for offset in range(begin, whole, PACKET_SAMPLES):
                yield clip[offset : offset + PACKET_SAMPLES]
            rest = clip[whole:]
    if rest:
        yield rest + SILENCE[len(rest) :]
