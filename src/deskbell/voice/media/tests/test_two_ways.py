"""Recordings of both directions: mixed or side by side, in step, whatever happens to either."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from deskbell.voice.media import Digit, Played, Recorded, Ways
from deskbell.voice.media.codecs import Codec, encoder
from deskbell.voice.media.g711 import SILENCE
from deskbell.voice.media.recording import RecordingOrder, TwoWayRecorder
from deskbell.voice.media.tests.conftest import Call, Dial
from deskbell.voice.media.tests.peer import converse, loudness_of, sine
from deskbell.voice.media.writer import mixed, side_by_side

KINDS: dict[Codec, int] = {"PCMU": 0, "PCMA": 8, "G722": 9}


def numbered(number: int) -> bytes:
    return bytes([number]) * 160


class Take:
    """A recorder by a clock of its own; both directions are kept as they are written."""

    def __init__(self, *, max_seconds: float = 60) -> None:
        self.heard = self.sent = b""
        self.now = 10.0
        order = RecordingOrder(1, Path("unused"), max_seconds, 60, "", "dual")
        self.recorder = TwoWayRecorder(self._write, law="PCMU", order=order, now=self.now)

    def _write(self, heard: bytes, sent: bytes) -> None:
        assert len(heard) == len(sent)
        self.heard += heard
        self.sent += sent

    def turn(self, *, heard: int | None = None, sent: int | None = None) -> str | None:
        """The next 20 ms; numbers are the packets and their places."""
        self.now += 0.02
        if heard is not None:
            self.recorder.hear(numbered(heard), came_as="PCMU", timestamp=160 * heard, now=self.now)
        if sent is not None:
            place = 5000 + 160 * sent & 0xFFFFFFFF
            self.recorder.send(numbered(sent), sent_as="PCMU", timestamp=place, now=self.now)
        return self.recorder.due(self.now)

    def end(self) -> None:
        self.recorder.flush()


def test_both_directions_lie_side_by_side_from_the_first_moment() -> None:
    take = Take()
    for number in range(1, 101):
        take.turn(heard=number if number > 30 else None, sent=number)
    take.end()
    assert take.sent == b"".join(map(numbered, range(1, 101)))
    assert take.heard == SILENCE * 30 + b"".join(map(numbered, range(31, 101)))


def test_a_direction_that_stays_silent_holds_nothing_back() -> None:
    take = Take()
    for number in range(1, 251):
        take.turn(heard=number)
    assert len(take.heard) >= 3 * 8000
    take.end()
    assert len(take.heard) == 250 * 160
    assert set(take.sent) == {0xFF}


def test_a_pause_of_one_direction_is_as_long_as_it_was() -> None:
    take = Take()
    for number in range(1, 201):
        is_pause = 50 < number <= 150
        take.turn(heard=None if is_pause else number, sent=number)
    take.end()
    assert len(take.heard) == len(take.sent)
    assert take.heard.find(numbered(151)) == pytest.approx(150 * 160, abs=320)
    assert take.heard[50 * 160 : take.heard.find(numbered(151))].strip(b"\xff") == b""


def test_late_packets_find_their_place_on_both_sides() -> None:
    take = Take()
    for one, other in ((1, 1), (3, 2), (2, 4), (4, 3)):
        take.turn(heard=one, sent=other)
    take.end()
    expected = b"".join(map(numbered, range(1, 5)))
    assert (take.heard, take.sent) == (expected, expected)


def test_the_longest_length_holds_for_both() -> None:
    take = Take(max_seconds=1)
    reasons = [take.turn(heard=number, sent=number) for number in range(1, 60)]
    assert reasons.index("max_length") == 49
    take.end()
    assert len(take.heard) == 8000


def test_a_sum_is_cut_at_full_scale() -> None:
    one, other = linear(20000, -20000, 5), linear(20000, -20000, 6)
    assert mixed(one, other) == linear(32767, -32768, 11)
    assert side_by_side(one, other) == linear(20000, 20000, -20000, -20000, 5, 6)


def linear(*samples: int) -> bytes:
    return np.array(samples, "<i2").tobytes()


def channels(path: Path) -> list[NDArray[np.int16]]:
    with wave.open(str(path)) as file:
        assert file.getframerate() == 8000
        audio = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return [audio[at :: file.getnchannels()] for at in range(file.getnchannels())]


def begin_of(track: NDArray[np.int16]) -> int:
    return int(np.flatnonzero(np.abs(track) > 2000)[0])


def stop(call: Call) -> Recorded:
    call.leg.stop_recording()
    while not isinstance(event := call.next_event(), Recorded):
        assert isinstance(event, Played | Digit)
    return event


@pytest.mark.parametrize(
    ("one", "other"),
    [("PCMU", "PCMU"), ("PCMA", "PCMA"), ("PCMA", "PCMU"), ("G722", "PCMA"), ("G722", "G722")],
)
def test_a_bridged_call_in_stereo(dial: Dial, tmp_path: Path, one: Codec, other: Codec) -> None:
    near = dial(codec=one, payload_type=KINDS[one])
    far = dial(codec=other, payload_type=KINDS[other])
    path = tmp_path / "call.wav"
    near.leg.bridge(far.leg)
    near.leg.record(path, max_seconds=9, silence_seconds=9, finish_keys="", ways="dual")
    near.peer.hear()
    talks = []
    for call, codec, pitch in ((near, one, 500), (far, other, 900)):
        turn, audio = encoder(codec), sine(pitch, seconds=0.6)
        pieces = [audio[at : at + 160] for at in range(0, len(audio), 160)]
        talks.append((call.peer, [turn(piece) if turn else piece for piece in pieces], codec))
    for packets in zip(*(pieces for _, pieces, _ in talks), strict=True):
        for (peer, _, codec), packet in zip(talks, packets, strict=True):
            peer.say(packet, kind=KINDS[codec])
        near.peer.socket.recv(2048)  # paced by the leg's own clock
    event = stop(near)
    left, right = channels(path)
    assert event.seconds == len(left) / 8000 == pytest.approx(0.65, abs=0.4)
    assert abs(begin_of(left) - begin_of(right)) < 800
    said, sent = left[begin_of(left) :][800:4000], right[begin_of(right) :][800:4000]
    assert loudness_of(500, said) > 4000
    assert loudness_of(900, said) < 300
    assert loudness_of(900, sent) > 4000
    assert loudness_of(500, sent) < 300


def test_a_call_with_a_prompt_mixed(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    path = tmp_path / "call.wav"
    call.leg.record(path, max_seconds=9, silence_seconds=9, finish_keys="", ways="both")
    call.leg.play([sine(700, seconds=0.6)])
    converse([(call.peer, sine(400, seconds=0.6))])
    stop(call)
    (track,) = channels(path)
    middle = track[begin_of(track) :][1600:4000]
    assert loudness_of(400, middle) > 4000
    assert loudness_of(700, middle) > 4000


def test_a_leg_that_closes_completes_both_directions(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    path = tmp_path / "call.wav"
    call.leg.record(path, max_seconds=9, silence_seconds=9, finish_keys="", ways="dual")
    call.leg.play([sine(700, seconds=0.2)])
    assert isinstance(call.next_event(), Played)
    call.leg.close()
    event = call.next_event()
    assert isinstance(event, Recorded)
    assert event.reason == "stopped"
    left, right = channels(path)
    assert len(left) == len(right)
    assert not left.any()
    assert loudness_of(700, right[begin_of(right) :][:1200]) > 4000


def test_recordings_run_beside_each_other_and_end_one_by_one(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    kinds: dict[str, tuple[Ways, str]] = {
        "whole": ("dual", ""),
        "said": ("heard", "#"),
        "both": ("both", ""),
    }
    ids = {
        name: call.leg.record(
            tmp_path / name, max_seconds=9, silence_seconds=9, finish_keys=keys, ways=ways
        )
        for name, (ways, keys) in kinds.items()
    }
    call.peer.say(sine(500, seconds=0.1))
    call.peer.press(11, kind=101)
    ended = [call.next_event() for _ in range(2)][1]
    assert isinstance(ended, Recorded)
    assert (ended.recording_id, ended.key) == (ids["said"], "#")
    call.leg.stop_recording(ids["whole"])
    call.leg.stop_recording(ids["whole"])
    assert stop(call).recording_id == ids["whole"]
    call.leg.close()
    assert stop(call).recording_id == ids["both"]
    assert [len(channels(tmp_path / name)) for name in ids] == [2, 1, 1]
