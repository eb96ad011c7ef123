"""What a leg hears: one peer's packets, told apart, counted, and passed to whoever listens.

Only the media thread touches this. Nobody listens in a menu, and then a packet costs no more than
being counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .bridge import Way
from .codecs import CODECS, Codec, Turn, decoder
from .digits import DigitReader
from .g711 import Law
from .inband import ToneReader
from .reception import Reception
from .rtp import MARKER, parse
from .sending import Outgoing, Peer
from .source import Source

_COMFORT_NOISE = 13  # RFC 3389 §4


class Listener(Protocol):
    """Whoever wants the peer's audio."""

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> None:
        """Takes one packet's audio, as it came."""


class Incoming:
    """One leg's packets from its peer; `on_key` is told each key pressed, once."""

    __slots__ = (
        "_decode",
        "_digits",
        "_is_heard",
        "_listeners",
        "_on_key",
        "_outgoing",
        "_peer",
        "_tones",
        "_way",
        "dropped",
        "is_muted",
        "reception",
        "source",
    )

    def __init__(self, outgoing: Outgoing, on_key: Callable[[str], None]) -> None:
        self.dropped = 0
        self.is_muted = False
        self.reception = Reception()
        self.source: Source | None = None
        self._outgoing = outgoing
        self._on_key = on_key
        self._peer: Peer | None = None
        self._digits = DigitReader()
        self._decode: Turn | None = None
        self._way: Way | None = None
        self._tones: ToneReader | None = None
        self._listeners: tuple[Listener, ...] = ()
        self._is_heard = False

    def connect(self, peer: Peer, now: float) -> bool:
        """Takes a new peer, or new terms with the old one; whether its place is new.

        A source already found is kept with its place.
        """
        self._peer = peer
        self._read_tones_or_not(peer)
        if self.source is not None and peer.address == self.source.named:
            return False
        self.source = Source(peer.address, now)
        return True

    def listen(self, listener: Listener) -> None:
        """Passes audio to `listener` too, from the next packet on."""
        self._listeners = (*self._listeners, listener)
        self._is_heard = True

    def forget(self, listener: Listener | None) -> None:
        """Passes `listener` nothing more."""
        self._listeners = tuple(one for one in self._listeners if one is not listener)
        self._is_heard = bool(self._listeners) or self._way is not None

    def go_on(self, way: Way | None) -> None:
        """Sends what comes on by `way`, or to nobody any more."""
        self._way = way
        self._is_heard = bool(self._listeners) or way is not None

    def receive(self, buffer: bytearray, size: int, address: bytes, now: float) -> None:
        """Takes the datagram in the first `size` bytes of `buffer`, whatever it is."""
        packet = parse(buffer, size)
        peer, source = self._peer, self.source
        if packet is None or peer is None or source is None:
            self.dropped += 1
            return
        kind, sequence, timestamp, ssrc, start, end = packet
        codec = peer.codec if kind == peer.payload_type else CODECS.get(kind)
        is_digit = kind == peer.digits_payload_type
        if codec is None and not is_digit and kind != _COMFORT_NOISE:
            self.dropped += 1
            return
        if not source.admits(address, ssrc, sequence, now):
            self._hear_stranger(is_digit, address, timestamp, ssrc, bytes(buffer[start:end]))
            return
        outgoing = self._outgoing
        if outgoing.target and outgoing.target != address:
            outgoing.target = address
        if codec is not None:
            self.reception.count(ssrc, sequence)
            self.reception.time(timestamp, now)
            if self._is_heard:
                place = (sequence, timestamp, ssrc, buffer[1] & MARKER)
                self._pass_on(bytes(buffer[start:end]), codec, place, now)
            return
        if ssrc == self.reception.ssrc:  # events in a stream of their own tell nothing of it
            self.reception.count(ssrc, sequence)
        if is_digit:
            place = (sequence, timestamp, ssrc, buffer[1] & MARKER)
            self._take_digit(bytes(buffer[start:end]), place)
        elif self._way is not None and end > start:
            self._way.comfort(buffer[start])

    def _hear_stranger(
        self, is_digit: bool, address: bytes, timestamp: int, ssrc: int, payload: bytes
    ) -> None:
        if is_digit and self.source is not None and self.source.is_beside(address):
            self._read_digit(payload, timestamp, ssrc, is_passed=False)
        else:
            self.dropped += 1

    def _pass_on(
        self, payload: bytes, codec: Codec, place: tuple[int, int, int, int], now: float
    ) -> None:
        way, listeners, heard = self._way, self._listeners, payload
        if self.is_muted:
            way, listeners = None, () if self._tones is None else (self._tones,)
        law: Law = "PCMA" if codec == "PCMA" else "PCMU"
        if codec == "G722" and (listeners or (way is not None and way.wants_plain(codec))):
            heard = self._decoded(payload)
        if way is not None and not (self._tones and self._tones.pressed and way.takes_events):
            way.forward(payload, codec, heard, law, place)
        for listener in listeners:
            listener.hear(heard, came_as=law, timestamp=place[1], now=now)

    def _read_tones_or_not(self, peer: Peer) -> None:
        """Listens for keys as tones only where the peer cannot send events."""
        if peer.digits_payload_type is None and self._tones is None:
            self._tones = ToneReader(self._take_tone)
            self.listen(self._tones)
        elif peer.digits_payload_type is not None and self._tones is not None:
            self.forget(self._tones)
            self._tones = None

    def _take_tone(self, key: str) -> None:
        self._on_key(key)
        if (
            self._way is not None and not self.is_muted and self._way.takes_events
        ):  # else it goes on as it is
            self._way.press(key)

    def _decoded(self, payload: bytes) -> bytes:
        if self._decode is None:
            self._decode = decoder("G722")
        return payload if self._decode is None else self._decode(payload)

    def _take_digit(self, payload: bytes, place: tuple[int, int, int, int]) -> None:
        way = None if self.is_muted else self._way
        is_passed = way is not None and way.forward_event(payload, place)
        self._read_digit(payload, place[1], place[2], is_passed=is_passed)

    def _read_digit(self, payload: bytes, timestamp: int, ssrc: int, *, is_passed: bool) -> None:
        key = self._digits.read(payload, timestamp=timestamp, ssrc=ssrc)
        if not key:
            return
        self._on_key(key)
        if not is_passed and self._way is not None and not self.is_muted:
            self._way.press(key)
