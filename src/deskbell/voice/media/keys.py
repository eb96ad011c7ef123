"""Keys that we press: as telephone-events, or as tones where the peer takes no events.

Source: RFC 4733 §2.3 (payload), §3.2 (codes); ITU-T Q.23 (frequencies), Q.24 (lengths).
"""

from __future__ import annotations

import functools
import struct

import numpy as np

from ...foundation.errors import InvalidInput
from .g711 import PACKET_SAMPLES, RATE, SILENCE, mulaw_of_linear

KEYS = "0123456789*#ABCD"
LOW = (697, 770, 852, 941)
HIGH = (1209, 1336, 1477, 1633)
PAD = ("123A", "456B", "789C", "*0#D")

EVENT_PACKETS = 4  # 80 ms pressed
GAP_PACKETS = 4  # 80 ms let go
WAIT_PACKETS = 25  # `w`: half a second
LAST_PACKETS = 3
_VOLUME = 10  # dB under full scale
_LOUDNESS = 32767 * 10 ** (-9 / 20)  # of each of two sines


def check(keys: str) -> str:
    """`keys` in capitals; raises InvalidInput where one is no key and no `w`."""
    for key in keys.upper():
        if key not in KEYS + "W":
            raise InvalidInput(f"{key!r} is no key: 0-9, *, #, A-D, and w to wait half a second")
    return keys.upper()


def event_payload(key: str, packets: int, *, is_end: bool = False) -> bytes:
    """The four bytes that report `key` after `packets` of 20 ms."""
    flags = 0x80 | _VOLUME if is_end else _VOLUME
    return struct.pack("!BBH", KEYS.index(key), flags, packets * PACKET_SAMPLES)


@functools.cache
def tone(key: str) -> bytes:
    """80 ms of the key's two sines in µ-law, and 80 ms of silence."""
    row = next(number for number, line in enumerate(PAD) if key in line)
    column = PAD[row].index(key)
    at = np.arange(EVENT_PACKETS * PACKET_SAMPLES) * (2 * np.pi / RATE)
    wave = np.sin(at * LOW[row]) + np.sin(at * HIGH[column])
    linear = (wave * (_LOUDNESS / 2)).astype(np.int16)
    return mulaw_of_linear(linear) + SILENCE * GAP_PACKETS


def tones(keys: str) -> list[bytes]:
    """The clips that press `keys`."""
    return [SILENCE * WAIT_PACKETS if key in "wW" else tone(key) for key in keys]
