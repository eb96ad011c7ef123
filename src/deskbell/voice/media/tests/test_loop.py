"""A real loop with real peers on loopback: what a caller hears, presses and leaves behind."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import socket
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.foundation.environment import PortRange
from deskbell.foundation.errors import InvalidInput
from deskbell.voice.media import Digit, Lost, MediaLoop, NoPortLeft, Played, Recorded, reports, rtcp
from deskbell.voice.media.datagrams import PortPairs
from deskbell.voice.media.g711 import ALAW_OF_MULAW, to_linear
from deskbell.voice.media.tests.conftest import Call, Dial, own_ports
from deskbell.voice.media.tests.peer import Peer, event, rtp, until

SILENCE = b"\xff" * 160
LOUD = b"\x80\x00" * 80
CLIP = random.Random(1).randbytes(1000)


def test_a_clip_arrives_to_the_byte(dial: Dial) -> None:
    call = dial(connected=False)
    play_id = call.leg.play([CLIP[:333], CLIP[333:]])
    call.leg.connect(
        host="127.0.0.1",
        port=call.peer.port,
        payload_type=0,
        codec="PCMU",
        digits_payload_type=None,
    )
    heard = [call.peer.hear() for _ in range(10)]
    assert b"".join(packet.payload for packet in heard) == CLIP.ljust(1600, b"\xff")
    assert [packet.marker for packet in heard] == [True] + [False] * 9
    assert {packet.payload_type for packet in heard} == {0}
    assert len({packet.ssrc for packet in heard}) == 1
    for before, after in itertools.pairwise(heard):
        assert (after.sequence - before.sequence) & 0xFFFF == 1
        assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == 160
    assert call.next_event() == Played(call.leg, play_id)


def test_a_new_play_replaces_the_old_without_a_word(dial: Dial) -> None:
    call = dial()
    call.leg.play([b"\x01" * 160], loop=0)
    call.peer.hear_until(lambda heard: heard.payload[0] == 1)
    second = call.leg.play([b"\x02" * 320])
    call.peer.hear_until(lambda heard: heard.payload[0] == 2)
    assert call.peer.hear().payload == b"\x02" * 160
    assert call.peer.hear().payload == SILENCE
    assert call.next_event() == Played(call.leg, second)
    assert call.events.empty()


def test_playing_nothing_ends_at_once(dial: Dial) -> None:
    call = dial()
    play_id = call.leg.play([], loop=0)
    assert call.next_event() == Played(call.leg, play_id)


@pytest.mark.parametrize("kind", [96, 101])
def test_a_key_stops_the_prompt_at_once(dial: Dial, kind: int) -> None:
    call = dial(digits=kind)
    call.leg.play([b"\x01" * 160], loop=0)
    call.peer.hear_until(lambda heard: heard.payload[0] == 1)
    call.peer.press(2, kind=kind)
    assert call.next_event() == Digit(call.leg, "2")
    call.leg.stop_playing()
    assert sum(call.peer.hear().payload != SILENCE for _ in range(8)) <= 4
    call.peer.press(2, kind=kind, packets=1, ends=0)
    call.peer.press(11, kind=kind, packets=1, ends=1)
    assert [call.next_event() for _ in range(2)] == [Digit(call.leg, "2"), Digit(call.leg, "#")]
    assert call.events.empty()


def test_events_that_were_not_agreed_are_no_keys(dial: Dial, media: MediaLoop) -> None:
    call = dial(digits=None)
    call.peer.press(2, kind=101)
    until(lambda: media.figures().dropped == 6)
    assert call.events.empty()


def test_an_alaw_leg(dial: Dial, tmp_path: Path) -> None:
    call = dial(payload_type=8, codec="PCMA")
    call.leg.play([CLIP[:800]])
    first = call.peer.hear_until(lambda heard: heard.payload != b"\xd5" * 160)
    rest = [call.peer.hear() for _ in range(5)]
    played = b"".join(packet.payload for packet in [first, *rest])
    assert played == CLIP[:800].translate(ALAW_OF_MULAW) + b"\xd5" * 160
    assert first.payload_type == 8
    assert isinstance(call.next_event(), Played)
    recorded = record(call, tmp_path, CLIP, kind=8)
    assert recorded == to_linear(CLIP, "PCMA")


def record(call: Call, folder: Path, audio: bytes, *, kind: int = 0) -> bytes:
    """What the file holds after the peer said `audio` and pressed `#`."""
    path = folder / "message.wav"
    recording = call.leg.record(path, max_seconds=60, silence_seconds=30, finish_keys="#")
    call.peer.say(audio, kind=kind)
    call.peer.press(11, kind=101, packets=1)
    assert call.next_event() == Digit(call.leg, "#")
    event = call.next_event()
    assert isinstance(event, Recorded)
    assert (event.recording_id, event.reason, event.key) == (recording, "finish_key", "#")
    assert event.seconds == len(audio) / 8000
    with wave.open(str(path)) as file:
        assert file.getparams()[:3] == (1, 2, 8000)
        return bytes(file.readframes(file.getnframes()))


def test_a_recording_holds_what_was_said(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    call.peer.hear()
    assert record(call, tmp_path, CLIP) == to_linear(CLIP, "PCMU")


def test_a_silent_recording_says_so(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    call.leg.record(tmp_path / "a.wav", max_seconds=9, silence_seconds=0.2, finish_keys="")
    call.peer.say(SILENCE * 5)
    event = call.next_event()
    assert isinstance(event, Recorded)
    assert (event.reason, event.voiced_seconds) == ("silence", 0)


def test_a_long_recording_is_cut(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    call.leg.record(tmp_path / "a.wav", max_seconds=0.1, silence_seconds=5, finish_keys="")
    call.peer.say(LOUD * 20)
    event = call.next_event()
    assert isinstance(event, Recorded)
    assert event.reason == "max_length"
    assert event.seconds <= 0.1


def test_hanging_up_completes_the_recording(dial: Dial, tmp_path: Path) -> None:
    call = dial()
    call.leg.record(tmp_path / "a.wav", max_seconds=9, silence_seconds=5, finish_keys="")
    call.peer.say(LOUD * 4)
    until(lambda: call.leg.figures().packets_received == 4)
    call.leg.close()
    event = call.next_event()
    assert isinstance(event, Recorded)
    assert (event.reason, event.seconds) == ("stopped", 0.08)
    assert (tmp_path / "a.wav").exists()


def test_a_peer_behind_nat_is_found(dial: Dial) -> None:
    call = dial()
    call.peer.hear()
    behind = Peer(call.leg, ssrc=5)
    try:
        behind.say(LOUD * 2)
        assert behind.hear().payload == SILENCE
    finally:
        behind.close()


def test_a_stray_packet_steals_nothing(dial: Dial, media: MediaLoop) -> None:
    call = dial()
    call.peer.say(LOUD)
    until(lambda: media.figures().packets_received == 1)
    stray = Peer(call.leg, ssrc=5)
    try:
        stray.say(LOUD * 3)
        until(lambda: media.figures().dropped == 3)
        stray.socket.settimeout(0.1)
        with pytest.raises(TimeoutError):
            stray.hear()
    finally:
        stray.close()
    assert call.peer.hear().payload == SILENCE


def test_keys_from_another_port_of_the_peer_are_heard_and_move_nothing(dial: Dial) -> None:
    call = dial()
    call.peer.say(LOUD)
    aside = Peer(call.leg, ssrc=5)
    try:
        aside.press(4, kind=101)
        assert call.next_event() == Digit(call.leg, "4")
        aside.socket.settimeout(0.1)
        with pytest.raises(TimeoutError):
            aside.hear()
    finally:
        aside.close()
    assert call.events.empty()


def test_figures_of_a_leg(dial: Dial) -> None:
    call = dial()
    call.peer.say(LOUD * 3)
    call.peer.sequence += 2
    call.peer.say(LOUD)
    call.peer.throw(b"garbage")
    until(lambda: call.leg.figures().dropped == 1)
    figures = call.leg.close()
    assert (figures.packets_received, figures.packets_lost, figures.dropped) == (4, 2, 1)
    assert call.leg.close().packets_received == 4


def test_a_silent_peer_is_reported_once_for_each_silence(dial: Dial) -> None:
    call = dial()
    assert call.next_event() == Lost(call.leg)
    call.peer.say(LOUD)
    assert call.next_event() == Lost(call.leg)
    assert call.events.empty()


def test_a_hold_ends_one_silence_and_begins_another(dial: Dial) -> None:
    call = dial()
    assert call.next_event() == Lost(call.leg)
    for port in (0, call.peer.port):
        call.leg.connect(
            host="127.0.0.1", port=port, payload_type=0, codec="PCMU", digits_payload_type=None
        )
    assert call.next_event() == Lost(call.leg)


def test_a_peer_that_only_reports_is_there(dial: Dial) -> None:
    call = dial()
    report = rtcp.write(ssrc=77, at=1.0, timestamp=0, packets=0, octets=0, block=None)
    for _ in range(14):  # more than twice the media timeout
        call.peer.socket.sendto(report, ("127.0.0.1", call.leg.port + 1))
        with pytest.raises(queue.Empty):
            call.events.get(timeout=0.05)
    assert call.next_event() == Lost(call.leg)


def test_audio_is_heard_at_the_payload_type_that_was_agreed(dial: Dial) -> None:
    call = dial(payload_type=112, codec="PCMA")
    call.peer.say(LOUD * 3, kind=112)
    until(lambda: call.leg.figures().packets_received == 3)
    assert call.leg.figures().dropped == 0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(min_size=1, max_size=200))
def test_garbage_stops_nothing(dial: Dial, media: MediaLoop, garbage: bytes) -> None:
    call = dial()
    call.peer.throw(garbage)
    call.peer.throw(bytes([0x80]) + garbage)
    call.peer.throw(rtp(garbage, kind=101))
    call.peer.throw(rtp(event(3), kind=101, sequence=9, timestamp=9000, ssrc=3))
    heard = call.next_event()
    while heard != Digit(call.leg, "3"):
        assert isinstance(heard, Digit)
        heard = call.next_event()
    assert media.figures().faults == 0
    call.leg.close()


def test_an_owner_that_fails_harms_no_other_leg(media: MediaLoop, dial: Dial) -> None:
    def fail(event: object) -> None:
        raise ValueError("the owner's own fault")

    leg = media.open_leg(fail)
    bad = Peer(leg)
    good = dial()
    try:
        leg.connect(
            host="127.0.0.1", port=bad.port, payload_type=0, codec="PCMU", digits_payload_type=101
        )
        bad.press(1, kind=101)
        until(lambda: media.figures().faults == 1)
        good.peer.press(1, kind=101)
        assert good.next_event() == Digit(good.leg, "1")
        assert bad.hear().payload == SILENCE
    finally:
        bad.close()


def test_hold_sends_nothing_until_taken_up_again(dial: Dial) -> None:
    call = dial()
    before = call.peer.hear()
    terms = {"payload_type": 0, "codec": "PCMU", "digits_payload_type": 101}
    call.leg.connect(host="0.0.0.0", port=call.peer.port, **terms)  # type: ignore[arg-type]
    call.peer.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        for _ in range(20):
            before = call.peer.hear()
    call.leg.connect(host="127.0.0.1", port=call.peer.port, **terms)  # type: ignore[arg-type]
    after = call.peer.hear()
    assert after.marker
    assert (after.sequence - before.sequence) & 0xFFFF == 1
    assert (after.timestamp - before.timestamp) & 0xFFFFFFFF > 160


@pytest.mark.parametrize("host", ["sip.example.com", "::1", ""])
def test_only_addresses_of_the_loops_family(dial: Dial, host: str) -> None:
    with pytest.raises(InvalidInput):
        dial().leg.connect(
            host=host, port=4000, payload_type=0, codec="PCMU", digits_payload_type=None
        )


def free_pair() -> int:
    """An even port that is free, and the next one too."""
    for _ in range(100):
        with contextlib.ExitStack() as probes:
            one, other = (
                probes.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                for _ in range(2)
            )
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            with contextlib.suppress(OSError):
                other.bind(("127.0.0.1", port + 1))
                if port % 2 == 0:
                    return port
    raise AssertionError("no two free ports in a row")


def test_ports_run_out_and_come_back() -> None:
    port = free_pair()
    loop = MediaLoop(host="127.0.0.1", ports=PortRange(port, port + 1), post=lambda act: act())
    loop.start()
    try:
        leg = loop.open_leg(lambda event: None)
        assert leg.port == port
        with pytest.raises(NoPortLeft):
            loop.open_leg(lambda event: None)
        until(lambda: loop.figures().legs == 1)
        leg.close()
        until(lambda: loop.figures().legs == 0)
        until(lambda: reopens(loop))
    finally:
        loop.stop()


def reopens(loop: MediaLoop) -> bool:
    try:
        loop.open_leg(lambda event: None)
    except NoPortLeft:
        return False
    return True


def test_a_range_without_a_pair_is_refused() -> None:
    with pytest.raises(InvalidInput):
        MediaLoop(host="127.0.0.1", ports=PortRange(41001, 41002), post=lambda act: act())


def test_stopping_completes_recordings(tmp_path: Path) -> None:
    events: list[object] = []
    port = free_pair()
    loop = MediaLoop(host="127.0.0.1", ports=PortRange(port, port + 1), post=lambda act: act())
    loop.start()
    leg = loop.open_leg(events.append)
    leg.record(tmp_path / "a.wav", max_seconds=9, silence_seconds=9, finish_keys="")
    loop.stop()
    assert [type(event) for event in events] == [Recorded]
    assert (tmp_path / "a.wav").exists()


def test_both_sides_report_what_they_heard(
    media: MediaLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_EVERY", 0.1)
    audio, control = PortPairs("127.0.0.1", own_ports()).take()
    leg = media.open_leg(lambda event: None)
    with audio, control:
        leg.connect(
            host="127.0.0.1",
            port=audio.getsockname()[1],
            payload_type=0,
            codec="PCMU",
            digits_payload_type=None,
        )
        audio.settimeout(5)
        ours = int.from_bytes(audio.recv(2048)[8:12])
        for sequence in (1, 4):
            audio.sendto(rtp(LOUD, sequence=sequence, ssrc=77), ("127.0.0.1", leg.port))
        until(lambda: leg.figures().packets_received == 2)
        control.settimeout(5)
        report = next(rtcp.read(control.recv(2048)))
        assert report.ssrc == ours
        assert [(block.ssrc, block.lost) for block in report.blocks] == [(77, 2)]
        theirs = rtcp.Block(ssrc=ours, fraction=0, lost=5, highest=9, jitter=16)
        answer = rtcp.write(ssrc=77, at=1.0, timestamp=0, packets=2, octets=320, block=theirs)
        control.sendto(answer, ("127.0.0.1", leg.port + 1))
        until(lambda: leg.figures().peer_lost == 5)
        assert leg.figures().peer_jitter_ms == 2
