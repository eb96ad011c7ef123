"""What listens along gets everything in order, at once, and silence where there is none."""

from __future__ import annotations

from deskbell.voice.media.g711 import ALAW_OF_MULAW
from deskbell.voice.media.tap import Tap
from deskbell.voice.media.tests.conftest import Dial
from deskbell.voice.media.tests.peer import sine

QUIET = b"\xff" * 160


def numbered(number: int) -> bytes:
    return bytes([number]) * 160


class Listening:
    """A tap by a clock of its own: packets arrive on time unless told otherwise."""

    def __init__(self) -> None:
        self.now = 50.0
        self.pieces: list[bytes] = []
        self.tap = Tap(self.pieces.append, self.now)

    @property
    def audio(self) -> bytes:
        return b"".join(self.pieces)

    def hear(self, *numbers: int) -> None:
        for number in numbers:
            self.tap.hear(numbered(number), came_as="PCMU", timestamp=160 * number, now=self.now)
            self.wait(0.02)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.02)):
            self.now += 0.02
            self.tap.due(self.now)


def test_audio_comes_in_order_in_pieces_of_20_to_60_ms() -> None:
    listening = Listening()
    listening.hear(*range(1, 21))
    assert listening.audio == b"".join(map(numbered, range(1, 21)))
    assert {len(piece) for piece in listening.pieces} <= {160, 320, 480}


def test_a_packet_that_is_late_is_put_in_its_place() -> None:
    listening = Listening()
    listening.hear(1, 2, 4, 3, 5, 6, 7, 8)
    assert listening.audio == b"".join(map(numbered, range(1, 9)))


def test_a_packet_that_never_comes_is_silence_and_holds_nothing_up_for_long() -> None:
    listening = Listening()
    listening.hear(1, 2, 4, 5, 6, 7)
    expected = numbered(1) + numbered(2) + QUIET + b"".join(map(numbered, (4, 5, 6, 7)))
    assert listening.audio == expected


def test_a_pause_is_silence_while_it_lasts_and_not_twice() -> None:
    listening = Listening()
    listening.hear(1, 2)
    listening.wait(1.0)
    silence = len(listening.audio) - 320
    assert 7000 < silence <= 8000
    assert set(listening.audio[320:]) == {0xFF}
    resumed = 53
    listening.hear(*range(resumed, resumed + 5))
    said = b"".join(map(numbered, range(resumed, resumed + 4)))
    place = listening.audio.find(said)
    assert abs(place - 160 * (resumed - 1)) <= 480
    assert set(listening.audio[320:place]) == {0xFF}


def test_a_clock_that_stood_still_in_a_pause_loses_little() -> None:
    listening = Listening()
    listening.hear(1, 2)
    listening.wait(0.8)
    listening.hear(*range(3, 33))
    assert b"".join(map(numbered, range(12, 32))) in listening.audio


def test_a_leg_is_tapped_until_told_otherwise(dial: Dial) -> None:
    call = dial(payload_type=8, codec="PCMA")
    call.leg.tap(call.pieces.put)
    speech = sine(440, seconds=0.4)
    call.peer.say(speech.translate(ALAW_OF_MULAW), kind=8)
    heard = call.tapped(len(speech))
    assert sum(a == b for a, b in zip(heard, speech, strict=True)) > 0.8 * len(speech)
    call.leg.tap(None)
    call.leg.play([])
    call.next_event()
    while not call.pieces.empty():
        call.pieces.get()
    call.peer.say(speech[:800], kind=8)
    assert call.pieces.empty()
