"""One leg as the media thread sees it; nothing here may be touched by another thread.

What is sent is `sending.py`'s, what is heard `hearing.py`'s: here they are one leg, with its
recording, its reports and its place in a bridge or a room.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from .bridge import Way
from .codecs import law_of
from .datagrams import Sender
from .events import Digit, Lost, MediaEvent, Played, Reason, Recorded
from .figures import LegFigures
from .g711 import Law
from .hearing import Incoming
from .quality import mos
from .recording import Recording, RecordingOrder
from .reports import Reports
from .sending import NOTHING, Outgoing, Peer
from .tap import Tap
from .writer import Writer

if TYPE_CHECKING:
    from .leg import Leg


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

    def post(self, act: Callable[[], None]) -> None:
        """Has `act` done in the owner's thread."""


class Stream:
    """Both directions of one leg's RTP."""

    __slots__ = (
        "_control_at",
        "_leave",
        "_leg",
        "_loop",
        "_lost_at",
        "_recordings",
        "_reports",
        "_tap",
        "control",
        "fd",
        "incoming",
        "is_attended",
        "is_shut",
        "media",
        "outgoing",
        "receive",
        "send_next",
    )

    def __init__(self, leg: Leg, loop: Loop, media: socket.socket, control: socket.socket) -> None:
        self.media = media
        self.control = control
        self.fd = media.fileno()
        self.is_shut = False
        self.is_attended = False  # whether `attend` has anything to do
        self.outgoing = Outgoing(self.fd, loop.sender, self._tell_played)
        self.incoming = Incoming(self.outgoing, self._take_key)
        self.send_next = self.outgoing.send_next
        self.receive = self.incoming.receive
        self._leg = leg
        self._loop = loop
        self._reports = Reports()
        self._recordings: tuple[Recording, ...] = ()
        self._tap: Tap | None = None
        self._leave: Callable[[], None] | None = None
        self._lost_at = -1.0
        self._control_at = 0.0

    @property
    def sent(self) -> int:
        """Packets sent so far."""
        return self.outgoing.sent

    @property
    def unsent(self) -> int:
        """Packets that the kernel did not take."""
        return self.outgoing.unsent

    @property
    def received(self) -> int:
        """Packets taken so far."""
        return self.incoming.reception.received

    @property
    def dropped(self) -> int:
        """Datagrams that were garbage or from a stranger."""
        return self.incoming.dropped

    def figures(self) -> LegFigures:
        """The figures so far; may be asked from any thread."""
        heard = self.incoming.reception
        received, lost, jitter = heard.received, heard.lost, heard.jitter_ms
        round_trip = self._reports.round_trip_ms
        loss = lost / max(1, lost + received)
        score = mos(loss=loss, jitter_ms=jitter, round_trip_ms=round_trip) if received else 0.0
        return LegFigures(
            packets_sent=self.sent,
            packets_received=received,
            packets_lost=lost,
            jitter_ms=jitter,
            dropped=self.dropped,
            peer_lost=self._reports.lost,
            peer_jitter_ms=self._reports.jitter_ms,
            round_trip_ms=round_trip,
            mos=score,
        )

    def connect(self, peer: Peer, now: float) -> None:
        """Takes a new peer, or new terms with the old one; a source already found is kept."""
        self.outgoing.connect(peer)
        if self.incoming.connect(peer, now):
            self.outgoing.target = peer.address

    def mute(self, *, is_muted: bool) -> None:
        """Has nobody hear the peer, or everybody again."""
        self.incoming.is_muted = is_muted

    def hold(self, *, is_held: bool) -> None:
        """Takes the peer out of its bridge or room, or puts it back."""
        self.outgoing.is_held = is_held

    def go_on(self, way: Way, other: Stream) -> None:
        """Sends what the peer says to `other` by `way`; the other way is the other's."""
        self.incoming.go_on(way)
        other.outgoing.rest_on(way)
        self._leave = lambda: self._unbridge(other)

    def enter(self, idle: Iterator[bytes], leave: Callable[[], None]) -> None:
        """Hears `idle` between plays, until `leave` is called at its end."""
        self.part()
        self.outgoing.rest_on(idle)
        self._leave = leave

    def part(self) -> None:
        """Leaves the bridge or room that the leg is in, if any."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()
            self.outgoing.rest_on(NOTHING)

    def receive_control(self, buffer: bytearray, size: int, address: bytes, now: float) -> None:
        """Takes the datagram in the first `size` bytes of `buffer` as RTCP."""
        source = self.incoming.source
        if source is None or not source.is_beside(address):
            self.incoming.dropped += 1
            return
        self._control_at = now
        self._reports.take(bytes(buffer[:size]), ssrc=self.outgoing.ssrc, now=now)

    def check(self, now: float, media_timeout: float) -> None:
        """Reports to the peer and looks whether it has fallen silent; for about once a second."""
        source = self.incoming.source
        if source is None:
            return
        heard_at = max(source.heard_at, self._control_at)
        if heard_at != self._lost_at and now - heard_at >= media_timeout:
            self._lost_at = heard_at
            self._loop.tell(self._leg, Lost(self._leg))
        if self.outgoing.target and source.control and self._reports.is_due(now):
            report = self._reports.write(
                self.incoming.reception,
                ssrc=self.outgoing.ssrc,
                timestamp=self.outgoing.timestamp,
                packets=self.sent,
                now=now,
            )
            self._loop.sender.send_whole(self.control.fileno(), report, source.control)

    def attend(self, now: float) -> None:
        """Ends a recording that is silent or too long, and fills a tap; to be called every 20 ms
        where the leg `is_attended`."""
        for recording in self._recordings:
            reason = recording.recorder.due(now)
            if reason is not None:
                self._end(recording, reason)
        if self._tap is not None:
            self._tap.due(now)

    def tap(self, take: Callable[[bytes], None] | None, now: float) -> None:
        """Passes what the peer says to `take` too, in the owner's thread, or to nobody more."""
        self.incoming.forget(self._tap)
        self._tap = None
        if take is not None:
            post = self._loop.post
            self._tap = Tap(lambda piece: post(lambda: take(piece)), now)
            self.incoming.listen(self._tap)
        self._attend_or_not()

    def record(self, order: RecordingOrder, now: float) -> None:
        """Starts a recording, beside those that run."""
        law = law_of(self.outgoing.peer.codec) if self.outgoing.peer else "PCMU"
        recording = Recording(order, self._loop.writer, law=law, now=now)
        self._recordings = (*self._recordings, recording)
        self.incoming.listen(recording.recorder)
        self._attend_or_not()

    def stop_recording(self, recording_id: int | None = None) -> None:
        """Ends a recording, or the one that began last; `Recorded` follows, once it is whole."""
        for recording in reversed(self._recordings):
            if recording_id in (None, recording.order.recording_id):
                self._end(recording, "stopped")
                return

    def shut(self) -> None:
        """Ends everything and gives the ports back."""
        self.is_shut = True
        self.part()
        for recording in self._recordings:
            self._end(recording, "stopped")
        self.media.close()
        self.control.close()

    def _unbridge(self, other: Stream) -> None:
        self.incoming.go_on(None)
        other.part()

    def _end(self, recording: Recording, reason: Reason, key: str = "") -> None:
        self._recordings = tuple(one for one in self._recordings if one is not recording)
        self.incoming.forget(recording.recorder)
        self._attend_or_not()
        leg, tell, order = self._leg, self._loop.tell, recording.order

        def report(seconds: float, voiced: float) -> None:
            tell(leg, Recorded(leg, order.recording_id, reason, seconds, voiced, key))

        recording.end(report)

    def _attend_or_not(self) -> None:
        self.is_attended = bool(self._recordings) or self._tap is not None
        is_taped = any(recording.two_ways for recording in self._recordings)
        self.outgoing.tape = self._tape if is_taped else None

    def _tape(self, audio: bytes, law: Law, timestamp: int) -> None:
        now = time.monotonic()
        for recording in self._recordings:
            if recording.two_ways is not None:
                recording.two_ways.send(audio, sent_as=law, timestamp=timestamp, now=now)

    def _tell_played(self, play_id: int) -> None:
        self._loop.tell(self._leg, Played(self._leg, play_id))

    def _take_key(self, key: str) -> None:
        self._loop.tell(self._leg, Digit(self._leg, key))
        for recording in self._recordings:
            if recording.recorder.limits.is_finished_by(key):
                self._end(recording, "finish_key", key)
