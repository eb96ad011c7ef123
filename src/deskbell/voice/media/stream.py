"""One leg as the media thread sees it; nothing here may be touched by another thread."""

from __future__ import annotations

import itertools
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .datagrams import Sender
from .digits import DigitReader
from .events import Digit, Lost, MediaEvent, Played, Reason, Recorded
from .figures import LegFigures
from .g711 import ALAW_OF_MULAW, PACKET_SAMPLES, RATE, SILENCE, Codec
from .reception import Reception
from .recording import Recorder
from .reports import Reports
from .rtp import MARKER, PLAIN, parse, write_header
from .source import Source
from .writer import WavFile, Writer

if TYPE_CHECKING:
    from .leg import Leg

_CODECS: dict[int, Codec] = {0: "PCMU", 8: "PCMA"}  # RFC 3551 table 4
_COMFORT_NOISE = 13  # RFC 3389 §4
_NOTHING: Iterator[bytes] = itertools.repeat(SILENCE)


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a leg's audio goes and how it is coded; `address` is packed, `b""` while held."""

    address: bytes
    payload_type: int
    codec: Codec
    digits_payload_type: int | None


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """What `Leg.record` asks for; times in seconds."""

    recording_id: int
    path: Path
    max_seconds: float
    silence_seconds: float
    finish_keys: str


class Loop(Protocol):
    """What a stream needs of the loop that it runs in."""

    @property
    def sender(self) -> Sender:
        """What packets are sent with."""

    @property
    def writer(self) -> Writer:
        """What recordings are written with."""

    def tell(self, leg: Leg, event: MediaEvent) -> None:
        """Passes `event` on to the leg's owner, in the owner's thread."""


class Stream:
    """Both directions of one leg's RTP."""

    __slots__ = (
        "_control_at",
        "_digits",
        "_file",
        "_leg",
        "_loop",
        "_lost",
        "_mark",
        "_order",
        "_payloads",
        "_peer",
        "_play_id",
        "_reception",
        "_recorder",
        "_reports",
        "_sequence",
        "_source",
        "_ssrc",
        "_target",
        "_timestamp",
        "control",
        "dropped",
        "fd",
        "media",
        "sent",
        "unsent",
    )

    def __init__(self, leg: Leg, loop: Loop, media: socket.socket, control: socket.socket) -> None:
        self.media = media
        self.control = control
        self.fd = media.fileno()
        self.dropped = self.sent = self.unsent = 0
        self._leg = leg
        self._loop = loop
        self._peer: Peer | None = None
        self._source: Source | None = None
        self._target = b""
        self._reception = Reception()
        self._reports = Reports()
        self._digits = DigitReader()
        self._payloads = _NOTHING
        self._play_id = 0
        self._recorder: Recorder | None = None
        self._order: RecordingOrder | None = None
        self._file: WavFile | None = None
        self._lost = False
        self._control_at = 0.0
        self._mark = MARKER
        self._sequence = secrets.randbits(15)
        self._timestamp = secrets.randbits(32)
        self._ssrc = secrets.randbits(32)

    @property
    def received(self) -> int:
        """Packets taken so far."""
        return self._reception.received

    def figures(self) -> LegFigures:
        """The figures so far; may be asked from any thread."""
        heard = self._reception
        return LegFigures(
            packets_sent=self.sent,
            packets_received=heard.received,
            packets_lost=heard.lost,
            jitter_ms=heard.jitter_ms,
            dropped=self.dropped,
            peer_lost=self._reports.lost,
            peer_jitter_ms=self._reports.jitter_ms,
        )

    def connect(self, peer: Peer, now: float) -> None:
        """Takes a new peer, or new terms with the old one; a source already found is kept."""
        if self._peer is None or self._source is None or peer.address != self._source.named:
            self._source = Source(peer.address, now)
            self._target = peer.address
            self._lost = False
        self._peer = peer

    def play(self, play_id: int, payloads: Iterator[bytes]) -> None:
        """Plays `payloads` from the next packet on, instead of what plays now."""
        self._play_id = play_id
        self._payloads = payloads

    def stop_playing(self) -> None:
        """Falls silent with the next packet."""
        self._play_id = 0
        self._payloads = _NOTHING

    def send_next(self) -> None:
        """Sends the next 20 ms: of the play, else silence."""
        peer = self._peer
        if peer is None:
            return
        payload = next(self._payloads, b"") or self._after_play()
        if peer.codec == "PCMA":
            payload = payload.translate(ALAW_OF_MULAW)
        target = self._target
        if target:
            header = write_header(
                PLAIN, self._mark | peer.payload_type, self._sequence, self._timestamp, self._ssrc
            )
            if self._loop.sender.send(self.fd, header + payload, target):
                self.sent += 1
            else:
                self.unsent += 1
            self._mark = 0
            self._sequence = (self._sequence + 1) & 0xFFFF
        else:
            self._mark = MARKER
        self._timestamp = (self._timestamp + PACKET_SAMPLES) & 0xFFFFFFFF

    def receive(self, buffer: bytearray, size: int, address: bytes, now: float) -> None:
        """Takes the datagram in the first `size` bytes of `buffer`, whatever it is."""
        packet = parse(buffer, size)
        peer, source = self._peer, self._source
        if packet is None or peer is None or source is None:
            self.dropped += 1
            return
        kind, sequence, timestamp, ssrc, start, end = packet
        codec = peer.codec if kind == peer.payload_type else _CODECS.get(kind)
        is_digit = kind == peer.digits_payload_type
        if codec is None and not is_digit and kind != _COMFORT_NOISE:
            self.dropped += 1
            return
        if not source.admits(address, ssrc, sequence, now):
            if is_digit and source.is_beside(address):
                self._take_digit(timestamp, ssrc, bytes(buffer[start:end]))
            else:
                self.dropped += 1
            return
        if self._target and self._target != address:
            self._target = address
        self._lost = False
        if codec is not None:
            self._reception.count(ssrc, sequence)
            self._reception.time(timestamp, now)
            if self._recorder is not None:
                self._recorder.hear(
                    bytes(buffer[start:end]), came_as=codec, timestamp=timestamp, now=now
                )
        else:
            if ssrc == self._reception.ssrc:  # events in a stream of their own tell nothing of it
                self._reception.count(ssrc, sequence)
            if is_digit:
                self._take_digit(timestamp, ssrc, bytes(buffer[start:end]))

    def receive_control(self, buffer: bytearray, size: int, address: bytes, now: float) -> None:
        """Takes the datagram in the first `size` bytes of `buffer` as RTCP."""
        if self._source is None or not self._source.is_beside(address):
            self.dropped += 1
            return
        self._control_at = now
        self._reports.take(bytes(buffer[:size]), ssrc=self._ssrc, now=now)

    def check(self, now: float, media_timeout: float) -> None:
        """Reports to the peer and looks whether it has fallen silent; for about once a second."""
        source = self._source
        if source is None:
            return
        heard_at = max(source.heard_at, self._control_at)
        if not self._lost and now - heard_at >= media_timeout:
            self._lost = True
            self._loop.tell(self._leg, Lost(self._leg))
        if self._target and source.control and self._reports.is_due(now):
            report = self._reports.write(
                self._reception,
                ssrc=self._ssrc,
                timestamp=self._timestamp,
                packets=self.sent,
                now=now,
            )
            self._loop.sender.send_whole(self.control.fileno(), report, source.control)

    def record(self, order: RecordingOrder, now: float) -> None:
        """Starts a recording; one that runs already is stopped first."""
        self.stop_recording()
        codec: Codec = self._peer.codec if self._peer else "PCMU"
        self._order = order
        self._file = self._loop.writer.open(order.path, codec)
        self._recorder = Recorder(
            self._file.write,
            codec=codec,
            max_seconds=order.max_seconds,
            silence_seconds=order.silence_seconds,
            finish_keys=order.finish_keys,
            now=now,
        )

    def check_recording(self, now: float) -> None:
        """Ends the recording where it is silent or too long; to be asked every 20 ms."""
        reason = self._recorder.due(now) if self._recorder is not None else None
        if reason is not None:
            self.stop_recording(reason)

    def stop_recording(self, reason: Reason = "stopped", key: str = "") -> None:
        """Ends the recording, if there is one; `Recorded` follows when the file is complete."""
        recorder, order, file = self._recorder, self._order, self._file
        if recorder is None or order is None or file is None:
            return
        self._recorder = self._order = self._file = None
        recorder.flush()
        leg, tell, voiced = self._leg, self._loop.tell, recorder.voiced_seconds

        def report(samples: int) -> None:
            heard = voiced if samples else 0.0
            seconds = samples / RATE
            tell(leg, Recorded(leg, order.recording_id, reason, seconds, heard, key))

        file.finish(report)

    def shut(self) -> None:
        """Ends everything and gives the ports back."""
        self.stop_recording()
        self.media.close()
        self.control.close()

    def _after_play(self) -> bytes:
        play_id, self._play_id = self._play_id, 0
        self._payloads = _NOTHING
        self._loop.tell(self._leg, Played(self._leg, play_id))
        return SILENCE

    def _take_digit(self, timestamp: int, ssrc: int, payload: bytes) -> None:
        key = self._digits.read(payload, timestamp=timestamp, ssrc=ssrc)
        if not key:
            return
        self._loop.tell(self._leg, Digit(self._leg, key))
        if self._recorder is not None and self._recorder.is_finished_by(key):
            self.stop_recording("finish_key", key)
