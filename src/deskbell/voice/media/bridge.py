"""Two legs that hear each other: packets go on as they came, at once.

Nothing is buffered: loss and disorder are handed on, because the far end's own jitter buffer knows
best. Only header fields change: sequence numbers and timestamps move by a constant for as long as
the packets flow, so that keys, gaps and marks stay in their places. Where nothing comes, the far
end hears silence or the noise that was asked for; and where it is played something, that.
Source: RFC 3550 §7 (translators), RFC 4733 §2.5 (events share the audio's line), RFC 3389.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .codecs import Codec
from .g711 import MULAW_OF_ALAW, RATE, Law
from .noise import noise
from .rtp import MARKER, step
from .sending import NOTHING, Outgoing

if TYPE_CHECKING:
    from .stream import Stream

_PATIENCE = 5  # turns without a packet before silence is sent
_JUMP = 3000  # packets
_LEAP = 10 * RATE


class Way(Iterator[bytes]):
    """One direction of a bridge, to `to`; also what `to` sends by itself where nothing comes."""

    __slots__ = (
        "_fed",
        "_from",
        "_is_flowing",
        "_noise",
        "_sequence",
        "_sequence_offset",
        "_since",
        "_ssrc",
        "_timestamp",
        "_timestamp_offset",
        "_to",
    )

    def __init__(self, heard: Outgoing, to: Outgoing) -> None:
        self._from = heard
        self._to = to
        self._fed = 0
        self._is_flowing = False
        self._noise: Iterator[bytes] = NOTHING
        self._ssrc = self._sequence = self._timestamp = -1
        self._sequence_offset = self._timestamp_offset = self._since = 0

    def __next__(self) -> bytes:
        """What is due at a turn of the far leg: nothing while packets flow."""
        if self._fed:
            self._fed -= 1
            return b""
        self._is_flowing = False
        return next(self._noise)

    def wants_plain(self, codec: Codec) -> bool:
        """Whether audio in `codec` has to be decoded for this way."""
        to = self._to
        return to.peer is not None and (to.peer.codec != codec or to.tape is not None)

    @property
    def takes_events(self) -> bool:
        """Whether the far end takes keys as telephone-events."""
        return self._to.peer is not None and self._to.peer.digits_payload_type is not None

    def forward(
        self,
        payload: bytes,
        codec: Codec,
        heard: bytes,
        law: Law,
        place: tuple[int, int, int, int],
    ) -> None:
        """Sends on what came in `codec`, or where the far end speaks another, `heard` in `law`.

        `place` is the packet's sequence number, timestamp, SSRC and marker (0 or 128).
        """
        to = self._to
        peer = to.peer
        if not payload or peer is None or not self._is_open:
            self._is_flowing = False
            return
        self._noise = NOTHING
        placed = self._placed(place)
        if placed is None:
            return
        sequence, timestamp, mark = placed
        if peer.codec != codec:
            payload = to.turned(heard.translate(MULAW_OF_ALAW) if law == "PCMA" else heard)
        to.emit(payload, mark | peer.payload_type, sequence, timestamp)
        to.reach((timestamp + len(payload)) & 0xFFFFFFFF)
        if to.tape is not None:
            to.tape(heard, law, timestamp)

    def forward_event(self, payload: bytes, place: tuple[int, int, int, int]) -> bool:
        """Sends a telephone-event on; False where the far end takes none."""
        to = self._to
        if to.peer is None or to.peer.digits_payload_type is None:
            return False
        placed = self._placed(place) if self._is_open else None
        if placed is not None:
            sequence, timestamp, mark = placed
            to.emit(payload, mark | to.peer.digits_payload_type, sequence, timestamp)
        return True

    def press(self, key: str) -> None:
        """Presses a key at the far end that came in another form than it takes."""
        if self._is_open:
            self._to.send_keys(0, key)

    def comfort(self, level: int) -> None:
        """The near end sends nothing but asks for noise, `level` dB under full scale."""
        self._noise = noise(level)

    @property
    def _is_open(self) -> bool:
        to = self._to
        return not (to.is_playing or to.is_held or self._from.is_held)

    def _placed(self, place: tuple[int, int, int, int]) -> tuple[int, int, int] | None:
        """A packet's sequence number, timestamp and mark in the far leg's stream.

        None where it is older than the first that was sent on.
        """
        sequence, timestamp, ssrc, mark = place
        ahead = step(sequence, self._sequence, bits=16)
        leap = step(timestamp, self._timestamp, bits=32)
        if not self._is_flowing or ssrc != self._ssrc or abs(ahead) > _JUMP or abs(leap) > _LEAP:
            self._begin(sequence, timestamp, ssrc)
            mark = MARKER
        elif self._since + ahead < 0:
            return None
        elif ahead > 0:
            self._since += ahead
            self._sequence, self._timestamp = sequence, timestamp
        self._fed = _PATIENCE
        return (
            (sequence + self._sequence_offset) & 0xFFFF,
            (timestamp + self._timestamp_offset) & 0xFFFFFFFF,
            mark,
        )

    def _begin(self, sequence: int, timestamp: int, ssrc: int) -> None:
        self._is_flowing = True
        self._ssrc, self._sequence, self._timestamp = ssrc, sequence, timestamp
        self._since = 0
        self._sequence_offset = self._to.sequence - sequence
        self._timestamp_offset = self._to.timestamp - timestamp


def join(one: Stream, other: Stream) -> None:
    """Has two legs hear each other, and nobody else; only for the media thread."""
    if one is other or one.is_shut or other.is_shut:
        return
    for stream in (one, other):
        stream.part()
    one.go_on(Way(one.outgoing, other.outgoing), other)
    other.go_on(Way(other.outgoing, one.outgoing), one)
