"""Keys that we press, read back by another leg."""

from __future__ import annotations

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.voice.media import Digit, MediaLoop, Played
from deskbell.voice.media.keys import event_payload
from deskbell.voice.media.tests.conftest import Call, Dial

ALL = "0123456789*#ABCD"


def face_to_face(dial: Dial, *, digits: int | None) -> tuple[Call, Call]:
    """Two legs that are each other's peers."""
    one, other = dial(connected=False), dial(connected=False)
    for near, far in ((one, other), (other, one)):
        near.leg.connect(
            host="127.0.0.1",
            port=far.leg.port,
            payload_type=0,
            codec="PCMU",
            digits_payload_type=digits,
        )
    return one, other


@pytest.mark.parametrize("digits", [101, 96, None])
def test_another_leg_reads_what_is_pressed(
    dial: Dial, media: MediaLoop, digits: int | None
) -> None:
    one, other = face_to_face(dial, digits=digits)
    play_id = one.leg.send_digits("1w1#A")
    assert [other.next_event() for _ in range(4)] == [Digit(other.leg, key) for key in "11#A"]
    assert one.next_event() == Played(one.leg, play_id)
    assert media.figures().faults == 0


def test_an_event_is_80_ms_and_ends_three_times(dial: Dial) -> None:
    call = dial(digits=96)
    call.leg.send_digits("7")
    first = call.peer.hear_until(lambda packet: packet.payload_type == 96)
    rest = [call.peer.hear() for _ in range(10)]
    assert first.marker
    assert first.payload == bytes((7, 10, 0, 160))
    events = [packet for packet in rest if packet.payload_type == 96]
    assert [packet.payload for packet in events] == [
        bytes((7, 10, 1, 64)),
        bytes((7, 10, 1, 224)),
        *[bytes((7, 0x8A, 2, 128))] * 3,
    ]
    assert {packet.timestamp for packet in events} == {first.timestamp}
    after = rest[len(events)]
    assert (after.payload_type, after.payload) == (0, b"\xff" * 160)
    assert (after.timestamp - first.timestamp) & 0xFFFFFFFF == 640
    assert [(packet.sequence - first.sequence) & 0xFFFF for packet in rest] == list(range(1, 11))


@pytest.mark.parametrize("bad", ["12x", "1 2", "é"])
def test_what_is_no_key_is_refused(dial: Dial, bad: str) -> None:
    with pytest.raises(InvalidInput):
        dial().leg.send_digits(bad)


@pytest.mark.parametrize("key", ALL)
def test_every_key_has_its_code(key: str) -> None:
    assert event_payload(key, 1)[0] == ALL.index(key)
