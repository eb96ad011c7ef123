"""Two callers who hear each other: what is said arrives as it was said, and when."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.voice.media import Digit, MediaLoop, Played
from deskbell.voice.media.codecs import Codec, decoder, encoder
from deskbell.voice.media.g711 import ALAW_OF_MULAW, MULAW_OF_ALAW, linear_of_mulaw
from deskbell.voice.media.inband import ToneReader
from deskbell.voice.media.keys import tone
from deskbell.voice.media.tests.conftest import Call, Dial, own_ports
from deskbell.voice.media.tests.peer import (
    Heard,
    Peer,
    converse,
    event,
    loudness_of,
    rtp,
    sine,
    until,
)

SILENCE = b"\xff" * 160
PACKETS = [bytes([number]) * 160 for number in range(1, 31)]
SPEECH = random.Random(2).randbytes(1600)
KINDS: dict[Codec, int] = {"PCMU": 0, "PCMA": 8, "G722": 9}


def bridged(
    dial: Dial, one: Codec = "PCMU", other: Codec = "PCMU", *, digits: int | None = 101
) -> tuple[Call, Call]:
    near = dial(codec=one, payload_type=KINDS[one])
    far = dial(codec=other, payload_type=KINDS[other], digits=digits)
    near.leg.bridge(far.leg)
    settle(near, far)
    return near, far


def settle(*calls: Call) -> None:
    """Until all that was ordered before is done, and heard: plays end in the order of asking."""
    for call in calls:
        play_id = call.leg.play([])
        while call.next_event() != Played(call.leg, play_id):
            pass
        call.peer.forget_all()


def heard_from(peer: Peer, first: bytes, count: int) -> list[Heard]:
    """`count` packets, of which the first is `first`."""
    begin = peer.hear_until(lambda heard: heard.payload == first)
    return [begin, *(peer.hear() for _ in range(count - 1))]


def steps(packets: list[Heard]) -> list[tuple[int, int]]:
    """How far sequence numbers and timestamps go from one packet to the next."""
    return [
        (after.sequence - before.sequence & 0xFFFF, after.timestamp - before.timestamp & 0xFFFFFFFF)
        for before, after in itertools.pairwise(packets)
    ]


def test_what_is_said_arrives_to_the_byte_both_ways(dial: Dial) -> None:
    near, far = bridged(dial)
    for speaker, listener in ((near, far), (far, near)):
        speaker.peer.say(SPEECH)
        heard = heard_from(listener.peer, SPEECH[:160], 10)
        assert b"".join(packet.payload for packet in heard) == SPEECH
        assert steps(heard) == [(1, 160)] * 9
        assert [packet.marker for packet in heard] == [True] + [False] * 9
        assert {packet.payload_type for packet in heard} == {0}


@pytest.mark.parametrize("length", [80, 240, 480])
def test_packets_of_other_lengths_are_forwarded_too(dial: Dial, length: int) -> None:
    near, far = bridged(dial)
    audio = [bytes([number]) * length for number in range(1, 6)]
    for number, payload in enumerate(audio):
        near.peer.throw(rtp(payload, sequence=number, timestamp=length * number))
    heard = heard_from(far.peer, audio[0], 5)
    assert [packet.payload for packet in heard] == audio
    assert steps(heard) == [(1, length)] * 4


@pytest.mark.parametrize("codec", ["PCMA", "G722"])
def test_equal_codecs_are_never_touched(dial: Dial, codec: Codec) -> None:
    near, far = bridged(dial, codec, codec)
    near.peer.say(SPEECH, kind=KINDS[codec])
    heard = heard_from(far.peer, SPEECH[:160], 10)
    assert b"".join(packet.payload for packet in heard) == SPEECH
    assert {packet.payload_type for packet in heard} == {KINDS[codec]}


@pytest.mark.parametrize(
    ("one", "other", "table"), [("PCMU", "PCMA", ALAW_OF_MULAW), ("PCMA", "PCMU", MULAW_OF_ALAW)]
)
def test_the_laws_are_turned_by_their_table(
    dial: Dial, one: Codec, other: Codec, table: bytes
) -> None:
    near, far = bridged(dial, one, other)
    near.peer.say(SPEECH, kind=KINDS[one])
    heard = heard_from(far.peer, SPEECH[:160].translate(table), 10)
    assert b"".join(packet.payload for packet in heard) == SPEECH.translate(table)


@pytest.mark.parametrize(
    ("one", "other"), [("PCMU", "G722"), ("G722", "PCMU"), ("PCMA", "G722"), ("G722", "PCMA")]
)
def test_g722_is_turned_so_that_it_sounds_the_same(dial: Dial, one: Codec, other: Codec) -> None:
    near, far = bridged(dial, one, other)
    said, turn, back = sine(500, seconds=0.4), encoder(one), decoder(other)
    pieces = [said[at : at + 160] for at in range(0, len(said), 160)]
    coded = [turn(piece) if turn else piece for piece in pieces]
    converse([(near.peer, b"".join(coded))], kind=KINDS[one])
    heard = [far.peer.hear_until(lambda heard: heard.marker)]
    heard += [far.peer.hear() for _ in range(19)]
    assert {packet.payload_type for packet in heard} == {KINDS[other]}
    audio = b"".join(back(packet.payload) if back else packet.payload for packet in heard)
    assert loudness_of(500, linear_of_mulaw(audio)[800:2400]) == pytest.approx(6000, rel=0.1)


def test_loss_and_disorder_go_on_as_they_are(dial: Dial) -> None:
    near, far = bridged(dial)
    order = [0, 1, 3, 2, 6, 6, 5]
    for number in order:
        near.peer.throw(
            rtp(PACKETS[number], sequence=65533 + number & 0xFFFF, timestamp=160 * number)
        )
    heard = heard_from(far.peer, PACKETS[0], len(order))
    assert [packet.payload for packet in heard] == [PACKETS[number] for number in order]
    first = heard[0]
    for packet, number in zip(heard, order, strict=True):
        assert (packet.sequence - first.sequence) & 0xFFFF == number
        assert (packet.timestamp - first.timestamp) & 0xFFFFFFFF == 160 * number


def test_a_packet_from_before_the_bridge_is_too_late(dial: Dial) -> None:
    near, far = bridged(dial)
    for number in (5, 3, 6):
        near.peer.throw(rtp(PACKETS[number], sequence=number, timestamp=160 * number))
    heard = heard_from(far.peer, PACKETS[5], 2)
    assert [packet.payload for packet in heard] == [PACKETS[5], PACKETS[6]]


def test_another_stream_goes_on_where_the_last_one_was(dial: Dial) -> None:
    near, far = bridged(dial)
    near.peer.say(PACKETS[0] + PACKETS[1])
    near.peer.ssrc, near.peer.sequence, near.peer.timestamp = 9, 40000, 0x80000000
    near.peer.say(PACKETS[2] + PACKETS[3])
    heard = heard_from(far.peer, PACKETS[0], 4)
    assert [packet.payload for packet in heard] == PACKETS[:4]
    assert [packet.marker for packet in heard] == [True, False, True, False]
    assert [number for number, _ in steps(heard)] == [1, 1, 1]
    assert len({packet.ssrc for packet in heard}) == 1


def test_where_nothing_comes_there_is_silence_and_no_gap(dial: Dial) -> None:
    near, far = bridged(dial)
    near.peer.say(PACKETS[0] * 2)
    heard = heard_from(far.peer, PACKETS[0], 5)
    assert [packet.payload for packet in heard[2:]] == [SILENCE] * 3
    assert [number for number, _ in steps(heard)] == [1] * 4
    near.peer.timestamp += 160 * 10
    near.peer.say(PACKETS[1])
    again = far.peer.hear_until(lambda heard: heard.payload == PACKETS[1])
    assert again.marker
    assert (again.timestamp - heard[-1].timestamp) & 0xFFFFFFFF < 160 * 200


def test_the_noise_that_is_asked_for_is_heard(dial: Dial) -> None:
    near, far = bridged(dial)
    near.peer.say(PACKETS[0])
    near.peer.throw(rtp(b"\x28", kind=13, sequence=1, timestamp=160))
    far.peer.hear_until(lambda heard: heard.payload == PACKETS[0])
    noise = linear_of_mulaw(far.peer.hear_audio(5)).astype(float)
    level = 20 * np.log10(np.sqrt((noise**2).mean()) / 32768)
    assert level == pytest.approx(-40, abs=2)


def test_keys_pass_as_events_at_the_far_ends_payload_type(dial: Dial) -> None:
    near, far = bridged(dial, digits=96)
    near.peer.say(PACKETS[0] * 2)
    near.peer.press(5, kind=101)
    near.peer.say(PACKETS[1])
    assert near.next_event() == Digit(near.leg, "5")
    heard = heard_from(far.peer, PACKETS[0], 9)
    events = heard[2:8]
    assert {packet.payload_type for packet in events} == {96}
    lengths = [160, 320, 480, 480, 480, 480]
    assert [packet.payload for packet in events] == [
        event(5, end=number >= 3, length=length) for number, length in enumerate(lengths)
    ]
    assert len({packet.timestamp for packet in events}) == 1
    assert [number for number, _ in steps(heard)] == [1] * 8
    assert heard[8].payload == PACKETS[1]
    assert far.events.empty()


def tones_in(peer: Peer, count: int) -> str:
    """The keys in the next `count` packets of audio."""
    keys: list[str] = []
    reader = ToneReader(keys.append)
    for _ in range(count):
        reader.hear(peer.hear().payload, came_as="PCMU", timestamp=0, now=0)
    return "".join(keys)


def test_a_far_end_without_events_hears_tones(dial: Dial) -> None:
    near, far = bridged(dial, digits=None)
    near.peer.press(7, kind=101)
    assert near.next_event() == Digit(near.leg, "7")
    assert tones_in(far.peer, 15) == "7"


def test_a_tone_becomes_an_event_where_the_far_end_takes_them(dial: Dial) -> None:
    near, far = dial(digits=None), dial()
    near.leg.bridge(far.leg)
    settle(near, far)
    near.peer.say(tone("8"))
    assert near.next_event() == Digit(near.leg, "8")
    assert far.peer.hear_until(lambda heard: heard.payload_type == 101).payload[0] == 8


def test_a_play_is_heard_instead_of_the_bridge_until_it_ends(dial: Dial) -> None:
    near, far = bridged(dial)
    play_id = far.leg.play([b"\x44" * 1600])
    talk = b"".join(PACKETS) * 2
    converse([(near.peer, talk)])
    assert far.next_event() == Played(far.leg, play_id)
    heard = [far.peer.hear() for _ in range(45)]
    kinds = ["play" if packet.payload == b"\x44" * 160 else "talk" for packet in heard]
    first = kinds.index("play")
    assert kinds[first : first + 10] == ["play"] * 10
    assert set(kinds[first + 10 :]) == {"talk"}
    assert all(number == 1 for number, _ in steps(heard))
    assert heard[-1].payload in PACKETS


def test_the_far_end_of_a_closed_leg_hears_silence(dial: Dial, media: MediaLoop) -> None:
    near, far = bridged(dial)
    near.peer.say(PACKETS[0])
    far.peer.hear_until(lambda heard: heard.payload == PACKETS[0])
    near.leg.close()
    assert far.peer.hear_until(lambda heard: heard.payload == SILENCE)
    far.peer.say(PACKETS[1])
    third = dial()
    third.leg.bridge(far.leg)
    settle(third, far)
    far.peer.say(PACKETS[2])
    assert third.peer.hear_until(lambda heard: heard.payload == PACKETS[2])
    near.leg.bridge(far.leg)  # nothing, since it is closed
    far.peer.say(PACKETS[3])
    assert third.peer.hear_until(lambda heard: heard.payload == PACKETS[3])
    assert media.figures().faults == 0


def test_a_new_bridge_ends_the_old_one(dial: Dial) -> None:
    near, far = bridged(dial)
    third = dial()
    third.leg.bridge(far.leg)
    settle(near, far, third)
    near.peer.say(PACKETS[0] * 5)
    third.peer.say(PACKETS[1])
    far.peer.hear_until(lambda heard: heard.payload == PACKETS[1])
    far.peer.say(PACKETS[2])
    third.peer.hear_until(lambda heard: heard.payload == PACKETS[2])
    assert near.peer.hear().payload == SILENCE


def test_after_the_bridge_both_hear_silence(dial: Dial) -> None:
    near, far = bridged(dial)
    far.leg.unbridge()
    settle(near, far)
    for speaker, listener in ((near, far), (far, near)):
        speaker.peer.say(PACKETS[0] * 5)
        until(lambda speaker=speaker: speaker.leg.figures().packets_received == 5)  # type: ignore[misc]
        listener.peer.forget_all()
        assert listener.peer.hear().payload == SILENCE


def test_who_is_muted_is_not_heard_but_hears(dial: Dial) -> None:
    near, far = bridged(dial)
    near.leg.mute(is_muted=True)
    settle(near)
    near.peer.say(PACKETS[0] * 3)
    near.peer.press(3, kind=101)
    assert near.next_event() == Digit(near.leg, "3")
    until(lambda: near.leg.figures().packets_received == 9)
    far.peer.say(PACKETS[1])
    near.peer.hear_until(lambda heard: heard.payload == PACKETS[1])
    near.leg.mute(is_muted=False)
    settle(near)
    near.peer.say(PACKETS[2])
    heard: list[bytes] = []
    while not heard or heard[-1] != PACKETS[2]:
        heard.append(far.peer.hear().payload)
    assert set(heard) == {SILENCE, PACKETS[2]}


def test_who_is_held_hears_what_is_played_and_nothing_else(dial: Dial) -> None:
    near, far = bridged(dial)
    near.leg.hold(is_held=True)
    settle(near)
    near.peer.say(PACKETS[0] * 3)
    far.peer.say(PACKETS[1] * 3)
    until(lambda: far.leg.figures().packets_received == 3)
    until(lambda: near.leg.figures().packets_received == 3)
    near.leg.play([PACKETS[5]], loop=0)
    near.peer.hear_until(lambda heard: heard.payload == PACKETS[5])
    near.leg.stop_playing()
    near.leg.hold(is_held=False)
    settle(near)
    far.peer.say(PACKETS[2])
    near.peer.hear_until(lambda heard: heard.payload == PACKETS[2])


def test_legs_of_two_loops_cannot_be_bridged(dial: Dial) -> None:
    other = MediaLoop(host="127.0.0.1", ports=own_ports(), post=lambda act: act())
    other.start()
    try:
        with pytest.raises(InvalidInput):
            dial().leg.bridge(other.open_leg(lambda event: None))
    finally:
        other.stop()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    packets=st.lists(
        st.tuples(
            st.sampled_from([0, 8, 9, 13, 101]),
            st.integers(0, 0xFFFF),
            st.integers(0, 0xFFFFFFFF),
            st.integers(0, 2),
            st.binary(max_size=400),
        ),
        max_size=8,
    )
)
def test_garbage_on_a_bridge_stops_nothing(
    bridge: tuple[Call, Call], media: MediaLoop, packets: list[tuple[int, int, int, int, bytes]]
) -> None:
    near, far = bridge
    for kind, sequence, timestamp, ssrc, payload in packets:
        near.peer.throw(rtp(payload, kind=kind, sequence=sequence, timestamp=timestamp, ssrc=ssrc))
    before = far.leg.figures().packets_sent
    until(lambda: far.leg.figures().packets_sent > before)
    assert media.figures().faults == 0


@pytest.fixture
def bridge(dial: Dial, tmp_path: Path) -> tuple[Call, Call]:
    """A bridge with all that can hang on it: a recording, a tap, another codec."""
    near, far = bridged(dial, "PCMU", "G722")
    near.leg.record(
        tmp_path / "a.wav", max_seconds=60, silence_seconds=60, finish_keys="", ways="dual"
    )
    near.leg.tap(near.pieces.put)
    return near, far


def test_a_flood_on_one_bridge_harms_no_other(dial: Dial, media: MediaLoop) -> None:
    near, far = bridged(dial)
    other, listener = bridged(dial)
    for _ in range(200):
        near.peer.say(SPEECH)
        near.peer.throw(SPEECH[:50])
    other.peer.say(SPEECH)
    heard = heard_from(listener.peer, SPEECH[:160], 10)
    assert b"".join(packet.payload for packet in heard) == SPEECH
    assert far.peer.hear_until(lambda heard: heard.payload == SPEECH[:160])
    assert media.figures().faults == 0
