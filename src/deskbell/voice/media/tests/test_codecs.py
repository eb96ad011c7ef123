"""What legs speak: turned there and back, a voice stays what it was."""

from __future__ import annotations

import numpy as np
import pytest

from deskbell.voice.media import MediaLoop, Played
from deskbell.voice.media.codecs import Codec, decoder, encoder
from deskbell.voice.media.g711 import ALAW_OF_MULAW, MULAW_OF_ALAW, linear_of_mulaw, mulaw_of_linear
from deskbell.voice.media.noise import noise
from deskbell.voice.media.tests.conftest import Dial
from deskbell.voice.media.tests.peer import loudness_of, sine, until


@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G722"])
def test_there_and_back(codec: Codec) -> None:
    turn, back = encoder(codec), decoder(codec)
    said = sine(1000, seconds=0.5)
    heard = b""
    for at in range(0, len(said), 160):
        coded = turn(said[at : at + 160]) if turn else said[at : at + 160]
        assert len(coded) == 160
        heard += back(coded) if back else coded
    assert loudness_of(1000, linear_of_mulaw(heard)[1600:3200]) == pytest.approx(6000, rel=0.05)


def test_turning_linear_back_is_exact_for_every_byte() -> None:
    every = bytes(range(256))
    back = mulaw_of_linear(linear_of_mulaw(every))
    assert linear_of_mulaw(back).tolist() == linear_of_mulaw(every).tolist()
    assert mulaw_of_linear(np.array([-32768, 32767, 0], np.int16))[:2] == b"\x00\x80"


def test_the_laws_need_no_state() -> None:
    turn, back = encoder("PCMA"), decoder("PCMA")
    assert turn is not None
    assert back is not None
    assert turn(bytes(range(256))) == ALAW_OF_MULAW
    assert back(bytes(range(256))) == MULAW_OF_ALAW
    assert encoder("PCMU") is decoder("PCMU") is None


def test_a_prompt_on_a_g722_leg(dial: Dial) -> None:
    call = dial(codec="G722", payload_type=9)
    play_id = call.leg.play([sine(600, seconds=0.5)])
    packets = [call.peer.hear() for _ in range(25)]
    assert call.next_event() == Played(call.leg, play_id)
    assert {packet.payload_type for packet in packets} == {9}
    assert {packet.timestamp - packets[0].timestamp & 0xFFFFFFFF for packet in packets} == {
        160 * number for number in range(25)
    }
    back = decoder("G722")
    assert back is not None
    audio = linear_of_mulaw(b"".join(back(packet.payload) for packet in packets))
    assert loudness_of(600, audio[1600:3200]) == pytest.approx(6000, rel=0.1)


def test_garbage_on_a_g722_leg_stops_nothing(dial: Dial, media: MediaLoop) -> None:
    call = dial(codec="G722", payload_type=9)
    call.leg.tap(call.pieces.put)
    for size in (0, 1, 159, 161, 1400):
        call.peer.say(bytes(size) or b"", kind=9)
    call.peer.say(bytes(1600), kind=9)
    assert len(call.tapped(1600)) == 1600
    until(lambda: call.leg.figures().packets_received >= 10)
    assert media.figures().faults == 0


@pytest.mark.parametrize(("level", "heard"), [(40, -40), (60, -60), (0, -30), (127, None)])
def test_noise_is_as_loud_as_asked_and_never_loud(level: int, heard: float | None) -> None:
    packets = noise(level)
    audio = linear_of_mulaw(b"".join(next(packets) for _ in range(50))).astype(float)
    if heard is None:
        assert not audio.any()
    else:
        power = 20 * np.log10(np.sqrt((audio**2).mean()) / 32768)
        assert power == pytest.approx(heard, abs=1.5)
