"""Key presses from telephone-events: each press once, at its first packet.

A press arrives as many packets with one timestamp; any of them can be lost, repeated or late, the
ones with the end bit too. So the timestamp tells presses apart, not the end bit.
Source: RFC 4733 §2.3 (payload), §2.5.1.3 (long events), §3.2 (DTMF codes).
"""

from __future__ import annotations

from .rtp import step

_KEYS = "0123456789*#ABCD"
_LONGEST = 0xFFFF


class DigitReader:
    """Turns the telephone-events of one stream into keys."""

    __slots__ = ("_key", "_length", "_ssrc", "_timestamp")

    def __init__(self) -> None:
        self._ssrc = -1
        self._timestamp = 0
        self._length = 0
        self._key = ""

    def read(self, payload: bytes, *, timestamp: int, ssrc: int) -> str:
        """The key that this packet reports for the first time; `""` for all other packets."""
        if len(payload) < 4 or payload[0] >= len(_KEYS):
            return ""
        key = _KEYS[payload[0]]
        length = payload[2] << 8 | payload[3]
        ahead = step(timestamp, self._timestamp, bits=32)
        same_stream = ssrc == self._ssrc
        if same_stream and ahead < 0:
            return ""
        repeated = same_stream and key == self._key and (ahead == 0 or self._goes_on(ahead))
        self._ssrc, self._timestamp, self._key, self._length = ssrc, timestamp, key, length
        return "" if repeated else key

    def _goes_on(self, ahead: int) -> bool:
        return ahead == self._length == _LONGEST
