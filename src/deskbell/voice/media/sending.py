"""What a leg's peer hears: one RTP stream, whose packets are played, forwarded or mixed.

Only the media thread touches this. The timestamp runs by our clock, a packet's worth at each of
the leg's turns, sent or not; what is forwarded is put on the same line by `bridge.py`.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .codecs import Codec, Turn, encoder
from .datagrams import Sender
from .g711 import PACKET_SAMPLES, SILENCE, Law
from .keys import EVENT_PACKETS, GAP_PACKETS, LAST_PACKETS, WAIT_PACKETS, event_payload, tones
from .playing import slices
from .rtp import MARKER, PLAIN, step, write_header

Tape = Callable[[bytes, Law, int], None]
NOTHING: Iterator[bytes] = itertools.repeat(SILENCE)
ELSEWHERE: Iterator[bytes] = itertools.repeat(b"")  # the packets come from a room


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a leg's audio goes and how it is coded; `address` is packed, `b""` while held."""

    address: bytes
    payload_type: int
    codec: Codec
    digits_payload_type: int | None


class Outgoing:
    """One leg's packets to its peer; `on_played` is told the id of a play that has ended."""

    __slots__ = (
        "_encode",
        "_fd",
        "_idle",
        "_mark",
        "_on_played",
        "_payloads",
        "_play_id",
        "_sender",
        "_sequence",
        "is_held",
        "peer",
        "sent",
        "ssrc",
        "tape",
        "target",
        "timestamp",
        "unsent",
    )

    def __init__(self, fd: int, sender: Sender, on_played: Callable[[int], None]) -> None:
        self.sent = self.unsent = 0
        self.target = b""
        self.peer: Peer | None = None
        self.tape: Tape | None = None
        self.is_held = False
        self.ssrc = secrets.randbits(32)
        self.timestamp = secrets.randbits(32)
        self._fd = fd
        self._sender = sender
        self._on_played = on_played
        self._payloads = self._idle = NOTHING
        self._play_id = 0
        self._encode: Turn | None = None
        self._mark = MARKER
        self._sequence = secrets.randbits(15)

    @property
    def is_playing(self) -> bool:
        """Whether a play has the peer's ear, and nothing else is heard."""
        return self._payloads is not self._idle

    def connect(self, peer: Peer) -> None:
        """Takes new terms."""
        if self.peer is None or self.peer.codec != peer.codec:
            self._encode = encoder(peer.codec)
        self.peer = peer

    def play(self, play_id: int, payloads: Iterator[bytes]) -> None:
        """Plays `payloads` from the next packet on, instead of what plays now."""
        self._play_id = play_id
        self._payloads = payloads

    def stop_playing(self) -> None:
        """Goes back with the next packet to what is heard between plays."""
        self._play_id = 0
        self._payloads = self._idle

    def rest_on(self, idle: Iterator[bytes]) -> None:
        """Has `idle` heard between plays: 160 bytes each turn, or none where nothing is due."""
        if not self.is_playing:
            self._payloads = idle
        self._idle = idle

    def send_keys(self, play_id: int, keys: str) -> None:
        """Presses `keys` one after the other, as a play."""
        self.play(play_id, self._pressed(keys))

    def send_next(self) -> None:
        """Sends the next 20 ms: of the play, else of what is heard between plays."""
        if self.peer is None:
            return
        payload = next(self._payloads, None)
        if payload is None:
            payload = self._after_play()
        if payload:
            self.say(payload)
        self.timestamp = (self.timestamp + PACKET_SAMPLES) & 0xFFFFFFFF

    def say(self, payload: bytes) -> None:
        """Sends 20 ms of µ-law now."""
        peer, target = self.peer, self.target
        if not target or peer is None:
            self._mark = MARKER
            return
        if self.tape is not None:
            self.tape(payload, "PCMU", self.timestamp)
        if self._encode is not None:
            payload = self._encode(payload)
        header = write_header(
            PLAIN, self._mark | peer.payload_type, self._sequence, self.timestamp, self.ssrc
        )
        if self._sender.send(self._fd, header + payload, target):
            self.sent += 1
        else:
            self.unsent += 1
        self._mark = 0
        self._sequence = (self._sequence + 1) & 0xFFFF

    def emit(self, payload: bytes, kind: int, sequence: int, timestamp: int) -> None:
        """Sends a packet as it is; `kind` is the payload type, with the marker where it is set."""
        if not self.target:
            return
        header = write_header(PLAIN, kind, sequence, timestamp, self.ssrc)
        if self._sender.send_whole(self._fd, header + payload, self.target):
            self.sent += 1
        else:
            self.unsent += 1
        self._mark = 0
        if step(sequence, self._sequence, bits=16) >= 0:
            self._sequence = (sequence + 1) & 0xFFFF

    @property
    def sequence(self) -> int:
        """The number of the next packet."""
        return self._sequence

    def turned(self, audio: bytes) -> bytes:
        """µ-law as the peer's codec."""
        return audio if self._encode is None else self._encode(audio)

    def reach(self, timestamp: int) -> None:
        """Keeps our own timestamps from falling behind what was forwarded."""
        if step(timestamp, self.timestamp, bits=32) > 0:
            self.timestamp = timestamp

    def _after_play(self) -> bytes:
        play_id, self._play_id = self._play_id, 0
        self._payloads = self._idle
        if play_id:
            self._on_played(play_id)
        return next(self._idle)

    def _pressed(self, keys: str) -> Iterator[bytes]:
        peer = self.peer
        if peer is None or peer.digits_payload_type is None:
            yield from slices(tones(keys), loop=1)
            return
        for key in keys:
            if key in "wW":
                yield from itertools.repeat(SILENCE, WAIT_PACKETS)
                continue
            yield from self._event(key, peer.digits_payload_type)
            yield from itertools.repeat(SILENCE, GAP_PACKETS)

    def _event(self, key: str, kind: int) -> Iterator[bytes]:
        """One press (RFC 4733 §2.5.1): reported each 20 ms, its end three times."""
        begun, mark = self.timestamp, MARKER
        for number in range(1, EVENT_PACKETS):
            self.emit(event_payload(key, number), mark | kind, self._sequence, begun)
            mark = 0
            yield b""
        for _ in range(LAST_PACKETS):
            self.emit(event_payload(key, EVENT_PACKETS, is_end=True), kind, self._sequence, begun)
        yield b""
