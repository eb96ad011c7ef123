"""Rooms: many legs that hear each other, each all others and not itself.

Mixed in the media thread, once every 20 ms and room, as arrays: what everybody says is added up,
and each hears the sum less its own part. Who is silent hears the same packet as everybody else
who is, made once.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .events import RoomRecorded
from .g711 import PACKET_SAMPLES, RATE, SILENCE, Law, linear_of_mulaw, mulaw_of_sums
from .playing import slices
from .sending import ELSEWHERE
from .track import Track
from .writer import WavFile

if TYPE_CHECKING:
    from .leg import Leg
    from .loop import MediaLoop
    from .stream import Stream

_READY = 2 * PACKET_SAMPLES  # what lies ready before a member is heard, for packets that come late
_MOST = 8 * PACKET_SAMPLES  # more than this is delay, and thrown away
_ids = itertools.count(1)


class Member:
    """What one member says, in order, a packet's worth at a time."""

    __slots__ = ("_is_waiting", "_track", "is_muted")

    def __init__(self, now: float, *, is_muted: bool) -> None:
        self.is_muted = is_muted
        self._is_waiting = True
        self._track = Track(law="PCMU", now=now)

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> None:
        """Takes what the member says."""
        self._track.hear(audio, came_as=came_as, timestamp=timestamp, now=now)

    def next(self) -> bytes:
        """The next 20 ms in µ-law; `b""` where there is nothing to be heard."""
        track = self._track
        if track.waiting < (_READY if self._is_waiting else PACKET_SAMPLES):
            self._is_waiting = True
            return b""
        self._is_waiting = False
        if track.waiting > _MOST:
            track.cut(track.waiting - _READY)
        said = track.cut(PACKET_SAMPLES)
        return b"" if self.is_muted or said == SILENCE else said


class Mix:
    """A room as the media thread sees it."""

    __slots__ = ("_block", "_file", "_members", "_payloads", "_report", "_samples")

    def __init__(self) -> None:
        self._members: dict[Stream, Member] = {}
        self._payloads: Iterator[bytes] = iter(())
        self._file: WavFile | None = None
        self._report: Callable[[int], None] | None = None
        self._block = bytearray()

    def join(self, stream: Stream, now: float, *, is_muted: bool) -> None:
        """Takes a leg in; one that is bridged or in another room leaves that."""
        if stream.is_shut:
            return
        member = Member(now, is_muted=is_muted)
        stream.enter(ELSEWHERE, lambda: self._forget(stream, member))
        self._members[stream] = member
        stream.incoming.listen(member)

    def leave(self, stream: Stream) -> None:
        """Lets a leg go."""
        if stream in self._members:
            stream.part()

    def mute(self, stream: Stream, *, is_muted: bool) -> None:
        """Has nobody in the room hear a member, or everybody again."""
        if stream in self._members:
            self._members[stream].is_muted = is_muted

    def play(self, payloads: Iterator[bytes]) -> None:
        """Plays to all, over what is said."""
        self._payloads = payloads

    def record(self, file: WavFile, report: Callable[[int], None]) -> None:
        """Writes all that is said and played into `file`."""
        self.stop_recording()
        self._file, self._report = file, report

    def stop_recording(self) -> None:
        """Completes the recording, if one runs."""
        file, report = self._file, self._report
        if file is None or report is None:
            return
        self._file = self._report = None
        file.write(bytes(self._block))
        self._block.clear()
        file.finish(report)

    def close(self) -> None:
        """Lets everybody go."""
        self.stop_recording()
        for stream in list(self._members):
            stream.part()

    def turn(self) -> None:
        """Sends every member its next 20 ms."""
        said = {
            stream: audio
            for stream, member in self._members.items()
            if (audio := member.next()) and not stream.outgoing.is_held
        }
        played = next(self._payloads, b"")
        spoken = [*said.values(), played] if played else list(said.values())
        heard = mixed(spoken) if spoken else [SILENCE]
        for stream, audio in zip(said, heard[1:], strict=False):
            _say(stream, audio)
        for stream in self._members:
            if stream not in said:
                _say(stream, heard[0])
        if self._file is not None:
            self._write(heard[0])

    def _write(self, audio: bytes) -> None:
        self._block += audio
        if self._file is not None and len(self._block) >= RATE:
            self._file.write(bytes(self._block))
            self._block.clear()

    def _forget(self, stream: Stream, member: Member) -> None:
        stream.incoming.forget(member)
        self._members.pop(stream, None)


def _say(stream: Stream, audio: bytes) -> None:
    if not stream.outgoing.is_playing:
        stream.outgoing.say(SILENCE if stream.outgoing.is_held else audio)


def mixed(spoken: list[bytes]) -> list[bytes]:
    """The sum of all, and then for each the sum of all others, as µ-law."""
    if len(spoken) == 1:
        return [spoken[0], SILENCE]
    parts = linear_of_mulaw(b"".join(spoken)).reshape(len(spoken), PACKET_SAMPLES)
    total = parts.sum(axis=0, dtype=np.int64)
    audio = mulaw_of_sums(np.concatenate((total[np.newaxis], total - parts)))
    return [audio[begin : begin + PACKET_SAMPLES] for begin in range(0, len(audio), PACKET_SAMPLES)]


class Room:
    """A conference as its owner holds it; made by `MediaLoop.open_room`.

    Every method may be called anywhere, and is taken up within 5 ms. A leg is in one room or one
    bridge at a time. Keys that members press are their own owners' alone.
    """

    __slots__ = ("_is_closed", "_legs", "_loop", "_mix", "on_event")

    def __init__(
        self, loop: MediaLoop, mix: Mix, on_event: Callable[[RoomRecorded], None] | None
    ) -> None:
        self.on_event = on_event
        self._loop = loop
        self._mix = mix
        self._legs: set[Leg] = set()
        self._is_closed = False

    @property
    def size(self) -> int:
        """How many legs are in."""
        return len(self._legs)

    def join(self, leg: Leg, *, muted: bool = False) -> None:
        """Takes `leg` in, out of where it was; `muted` it hears and is not heard."""
        if self._is_closed or not leg.enter(self):
            return
        self._legs.add(leg)
        stream = leg.stream
        self._order(lambda: self._mix.join(stream, time.monotonic(), is_muted=muted))

    def leave(self, leg: Leg) -> None:
        """Lets `leg` go; it hears silence. Nothing happens where it is not in."""
        if leg in self._legs:
            self.forget(leg)
            leg.enter(None)
            stream = leg.stream
            self._order(lambda: self._mix.leave(stream))

    def mute(self, leg: Leg, muted: bool) -> None:
        """Has nobody hear `leg`, or everybody again."""
        stream = leg.stream
        self._order(lambda: self._mix.mute(stream, is_muted=muted))

    def play(self, clips: Sequence[bytes], *, loop: int = 1) -> None:
        """Plays G.711 µ-law `clips` to all, over what is said, instead of what played before."""
        payloads = slices(clips, loop=loop)
        self._order(lambda: self._mix.play(payloads))

    def record(self, path: Path) -> int:
        """Records all that is said and played into a WAV file (PCM16, 8 kHz, mono) at `path`.

        Returns the id that `RoomRecorded` will carry. The folder of `path` must exist.
        """
        recording_id = next(_ids)
        file = self._loop.writer.open(path, "PCMU")

        def report(samples: int) -> None:
            self._tell(RoomRecorded(self, recording_id, samples / RATE))

        self._order(lambda: self._mix.record(file, report))
        return recording_id

    def stop_recording(self) -> None:
        """Ends the recording, if one runs."""
        self._order(self._mix.stop_recording)

    def close(self) -> None:
        """Lets everybody go and completes the recording; a second call does nothing."""
        if self._is_closed:
            return
        for leg in list(self._legs):
            self.leave(leg)
        self._order(lambda: self._loop.drop_room(self._mix))
        self._is_closed = True

    def forget(self, leg: Leg) -> None:
        """Called by a leg that leaves by itself."""
        self._legs.discard(leg)

    def _order(self, act: Callable[[], None]) -> None:
        if not self._is_closed:
            self._loop.order(act)

    def _tell(self, event: RoomRecorded) -> None:
        on_event = self.on_event
        if on_event is not None:
            self._loop.post(lambda: on_event(event))
