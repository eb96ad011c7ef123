"""Rooms: everybody hears all others and not itself, by the ear of a Fourier transform."""

from __future__ import annotations

import queue
import wave
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from deskbell.voice.media import MediaLoop, Played, Recorded, RoomRecorded
from deskbell.voice.media.codecs import Codec, decoder, encoder
from deskbell.voice.media.g711 import SILENCE, linear_of_mulaw
from deskbell.voice.media.rooms import Member, mixed
from deskbell.voice.media.tests.conftest import Call, Dial
from deskbell.voice.media.tests.peer import Peer, converse, loudness_of, sine, until

KINDS: dict[Codec, int] = {"PCMU": 0, "PCMA": 8, "G722": 9}
SIZE = 3000
SECONDS = 0.9


def pitch(number: int) -> float:
    """The frequency that member `number` says; 25 packets hold a whole number of its waves."""
    return 300.0 + 160 * number


def hears(peer: Peer, wanted: float, *, back: Callable[[bytes], bytes] | None = None) -> float:
    """How loud `wanted` is in half a second out of the middle of what has arrived."""
    return loudness_of(wanted, heard(peer, back=back))


def heard(peer: Peer, *, back: Callable[[bytes], bytes] | None = None) -> NDArray[np.int16]:
    packets = [peer.hear().payload for _ in range(40)][-25:]
    return linear_of_mulaw(b"".join(back(audio) if back else audio for audio in packets))


def settle(*calls: Call) -> None:
    for call in calls:
        play_id = call.leg.play([])
        while call.next_event() != Played(call.leg, play_id):
            pass
        call.peer.forget_all()


@pytest.mark.parametrize("count", range(2, 11))
def test_each_sum_is_that_of_all_others(count: int) -> None:
    said = [sine(pitch(number), seconds=0.5, size=SIZE) for number in range(count)]
    pieces = [mixed([audio[at : at + 160] for audio in said]) for at in range(0, len(said[0]), 160)]
    tracks = [linear_of_mulaw(b"".join(track)) for track in zip(*pieces, strict=True)]
    for listener, track in enumerate(tracks[1:]):
        for speaker in range(count):
            loud = loudness_of(pitch(speaker), track)
            assert loud == pytest.approx(0 if speaker == listener else SIZE, abs=SIZE * 0.05)
    assert all(
        loudness_of(pitch(speaker), tracks[0]) == pytest.approx(SIZE, rel=0.05)
        for speaker in range(count)
    )


def test_a_sum_beyond_full_scale_is_cut_and_does_not_turn_over() -> None:
    loud = b"\x80" * 160
    assert mixed([loud, loud])[0] == loud


@pytest.mark.parametrize("count", [2, 3, 10])
def test_members_hear_all_others_and_not_themselves(
    dial: Dial, media: MediaLoop, count: int
) -> None:
    calls = [dial() for _ in range(count)]
    room = media.open_room()
    muted = count - 1 if count > 2 else None
    for number, call in enumerate(calls):
        room.join(call.leg, muted=number == muted)
    assert room.size == count
    settle(*calls)
    converse(
        [
            (call.peer, sine(pitch(number), seconds=SECONDS, size=SIZE))
            for number, call in enumerate(calls)
        ]
    )
    for listener, call in enumerate(calls):
        track = heard(call.peer)
        for speaker in range(count):
            loud = loudness_of(pitch(speaker), track)
            if speaker in (listener, muted):
                assert loud < SIZE * 0.1
            else:
                assert loud > SIZE * 0.6


@pytest.mark.parametrize("codec", ["PCMA", "G722"])
def test_members_with_other_codecs_take_part(dial: Dial, media: MediaLoop, codec: Codec) -> None:
    one, other = dial(codec=codec, payload_type=KINDS[codec]), dial()
    room = media.open_room()
    room.join(one.leg)
    room.join(other.leg)
    settle(one, other)
    turn, audio = encoder(codec), sine(pitch(1), seconds=SECONDS, size=SIZE)
    assert turn is not None
    coded = b"".join(turn(audio[at : at + 160]) for at in range(0, len(audio), 160))
    converse([(one.peer, coded)], kind=KINDS[codec])
    assert hears(other.peer, pitch(1)) > SIZE * 0.6
    one.peer.forget_all()
    converse([(other.peer, audio)])
    assert hears(one.peer, pitch(1), back=decoder(codec)) > SIZE * 0.6


def trio(dial: Dial, media: MediaLoop) -> tuple[list[Call], list[bytes]]:
    calls = [dial() for _ in range(3)]
    return calls, [sine(pitch(number), seconds=SECONDS, size=SIZE) for number in range(3)]


def test_mute_hold_and_leaving_take_a_voice_out(dial: Dial, media: MediaLoop) -> None:
    calls, said = trio(dial, media)
    room = media.open_room()
    for call in calls:
        room.join(call.leg)
    room.mute(calls[1].leg, muted=True)
    calls[2].leg.hold(is_held=True)
    settle(*calls)
    converse([(call.peer, audio) for call, audio in zip(calls, said, strict=True)])
    first, second, third = (heard(call.peer) for call in calls)
    assert np.abs(first).max() < SIZE * 0.1
    assert loudness_of(pitch(0), second) > SIZE * 0.6
    assert loudness_of(pitch(2), second) < SIZE * 0.1
    assert not third.any()
    room.mute(calls[1].leg, muted=False)
    calls[2].leg.hold(is_held=False)
    room.leave(calls[0].leg)
    assert room.size == 2
    settle(*calls)
    converse([(call.peer, audio) for call, audio in zip(calls, said, strict=True)])
    first, second, third = (heard(call.peer) for call in calls)
    assert not first.any()
    assert loudness_of(pitch(2), second) > SIZE * 0.6
    assert loudness_of(pitch(0), second) < SIZE * 0.1
    assert loudness_of(pitch(1), third) > SIZE * 0.6


def test_what_is_played_to_one_is_heard_by_it_alone_and_what_is_played_to_all_by_all(
    dial: Dial, media: MediaLoop
) -> None:
    calls, _ = trio(dial, media)
    room = media.open_room()
    for call in calls:
        room.join(call.leg)
    calls[0].leg.play([b"\x44" * 160] * 5)
    assert isinstance(calls[0].next_event(), Played)
    calls[0].peer.hear_until(lambda packet: packet.payload == b"\x44" * 160)
    room.play([b"\x11" * 320])
    for call in calls:
        for _ in range(2):
            call.peer.hear_until(lambda packet: packet.payload == b"\x11" * 160)
        packets = [call.peer.hear() for _ in range(3)]
        assert [packet.payload for packet in packets] == [SILENCE] * 3
        assert packets[2].sequence - packets[0].sequence & 0xFFFF == 2
        assert packets[2].timestamp - packets[0].timestamp & 0xFFFFFFFF == 320


def test_a_rooms_recording_holds_everybody(dial: Dial, media: MediaLoop, tmp_path: Path) -> None:
    calls, said = trio(dial, media)
    events: queue.SimpleQueue[RoomRecorded] = queue.SimpleQueue()
    room = media.open_room(events.put)
    for call in calls:
        room.join(call.leg)
    settle(*calls)
    recording_id = room.record(tmp_path / "room.wav")
    converse([(call.peer, audio) for call, audio in zip(calls, said, strict=True)])
    room.close()
    event = events.get(timeout=5)
    assert (event.room, event.recording_id) == (room, recording_id)
    with wave.open(str(tmp_path / "room.wav")) as file:
        assert file.getparams()[:3] == (1, 2, 8000)
        audio = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert event.seconds == len(audio) / 8000
    assert event.seconds == pytest.approx(SECONDS, abs=0.3)
    for number in range(3):
        assert loudness_of(pitch(number), audio[1600:5600]) > SIZE * 0.6


def test_a_member_hears_all_that_was_played_in_its_own_recording(
    dial: Dial, media: MediaLoop, tmp_path: Path
) -> None:
    call = dial()
    room = media.open_room()
    room.join(call.leg)
    path = tmp_path / "both.wav"
    call.leg.record(path, max_seconds=9, silence_seconds=9, finish_keys="", ways="both")
    room.play([sine(500, seconds=0.5)])
    call.peer.hear_until(lambda packet: packet.payload != SILENCE)
    call.peer.hear_until(lambda packet: packet.payload == SILENCE)
    call.leg.stop_recording()
    assert isinstance(call.next_event(), Recorded)
    with wave.open(str(path)) as file:
        audio = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    loud = np.flatnonzero(np.abs(audio) > 3000)
    assert loudness_of(500, audio[loud[0] : loud[0] + 3200]) > 5000


def test_legs_come_and_go_as_they_like(dial: Dial, media: MediaLoop) -> None:
    calls, _ = trio(dial, media)
    room, other = media.open_room(), media.open_room()
    for call in calls:
        room.join(call.leg)
    room.join(calls[0].leg)
    assert room.size == 3
    other.join(calls[0].leg)
    calls[1].leg.bridge(calls[2].leg)
    assert (room.size, other.size) == (0, 1)
    settle(*calls)
    calls[1].peer.say(b"\x11" * 160)
    calls[2].peer.hear_until(lambda packet: packet.payload == b"\x11" * 160)
    room.join(calls[1].leg)
    assert room.size == 1
    calls[1].leg.close()
    assert room.size == 0
    room.leave(calls[1].leg)
    other.close()
    other.close()
    assert other.size == 0
    other.join(calls[2].leg)
    assert other.size == 0
    until(lambda: media.figures().legs == 2)
    for call in (calls[0], calls[2]):
        call.peer.forget_all()
        assert call.peer.hear().payload == SILENCE
    assert media.figures().faults == 0


def test_who_joins_twice_is_in_once_and_as_asked_last(dial: Dial, media: MediaLoop) -> None:
    one, other = dial(), dial()
    room = media.open_room()
    room.join(one.leg, muted=True)
    room.join(other.leg)
    room.join(one.leg)
    assert room.size == 2
    settle(one, other)
    converse([(one.peer, sine(pitch(0), seconds=SECONDS, size=SIZE))])
    assert hears(other.peer, pitch(0)) > SIZE * 0.6
    packets = [one.peer.hear() for _ in range(20)]
    assert [after.sequence - before.sequence & 0xFFFF for before, after in pairwise(packets)] == [
        1
    ] * 19
    assert {packet.payload for packet in packets} == {SILENCE}


def numbered(member: Member, *numbers: int) -> None:
    for number in numbers:
        member.hear(
            bytes([number]) * 160, came_as="PCMU", timestamp=160 * number, now=0.02 * number
        )


def test_a_member_is_heard_when_two_packets_lie_ready() -> None:
    member = Member(0.0, is_muted=False)
    numbered(member, 1)
    assert member.next() == b""
    numbered(member, 3, 2)
    assert [member.next()[:1] for _ in range(4)] == [b"\x01", b"\x02", b"\x03", b""]
    numbered(member, 4)
    assert member.next() == b""


def test_what_came_in_a_burst_does_not_delay_for_ever() -> None:
    member = Member(0.0, is_muted=False)
    numbered(member, *range(1, 21))
    assert [member.next()[:1] for _ in range(3)] == [b"\x13", b"\x14", b""]
