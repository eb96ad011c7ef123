"""The recorder by a clock of its own: order, gaps, silence, the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskbell.voice.media.events import Reason
from deskbell.voice.media.recording import Recorder, RecordingOrder

LOUD = b"\x80\x00" * 80
QUIET = b"\xff" * 160


def numbered(number: int) -> bytes:
    return bytes([number]) * 160


class Take:
    """A recorder whose packets arrive on time unless told otherwise."""

    def __init__(
        self, *, max_seconds: float = 60, silence_seconds: float = 5, codec: str = "PCMU"
    ) -> None:
        self.audio = b""
        self.now = 100.0
        self.recorder = Recorder(
            self._write,
            law="PCMA" if codec == "PCMA" else "PCMU",
            order=RecordingOrder(1, Path("unused"), max_seconds, silence_seconds, "#*"),
            now=self.now,
        )

    def _write(self, audio: bytes) -> None:
        self.audio += audio

    def hear(self, packet: bytes, timestamp: int) -> None:
        self.now += 0.02
        self.recorder.hear(packet, came_as="PCMU", timestamp=timestamp & 0xFFFFFFFF, now=self.now)

    def end(self) -> bytes:
        self.recorder.flush()
        return self.audio


@pytest.mark.parametrize("first", [0, 0xFFFFFFFF - 400])
def test_what_arrives_in_order_is_kept_as_it_is(first: int) -> None:
    take = Take()
    packets = [numbered(number) for number in range(150)]
    for number, packet in enumerate(packets):
        take.hear(packet, first + 160 * number)
    assert take.end() == b"".join(packets)


def test_a_lost_packet_is_silence() -> None:
    take = Take()
    for number in (0, 1, 4):
        take.hear(numbered(number), 160 * number)
    assert take.end() == numbered(0) + numbered(1) + QUIET * 2 + numbered(4)


def test_late_and_repeated_packets_find_their_place() -> None:
    take = Take()
    for number in (0, 2, 1, 2, 3):
        take.hear(numbered(number), 160 * number)
    assert take.end() == b"".join(numbered(number) for number in range(4))


def test_a_peer_that_sends_nothing_in_silence_leaves_the_silence() -> None:
    take = Take()
    take.hear(LOUD, 0)
    take.now += 3
    take.hear(LOUD, 160 + 24000)
    assert take.end() == LOUD + QUIET * 150 + LOUD


def test_a_timestamp_that_jumps_far_does_not_fill_the_disk() -> None:
    take = Take()
    take.hear(LOUD, 0)
    take.hear(LOUD, 2_000_000_000)
    take.hear(LOUD, 5_000)
    assert take.end() == LOUD * 3


def test_another_codec_is_turned_into_the_files() -> None:
    take = Take(codec="PCMA")
    take.hear(QUIET, 0)
    take.hear(QUIET, 320)
    assert take.end() == b"\xd5" * 480


def reasons(take: Take, packets: list[bytes]) -> Reason | None:
    for number, packet in enumerate(packets):
        take.hear(packet, 160 * number)
        reason = take.recorder.due(take.now)
        if reason:
            return reason
    return None


def test_silence_ends_it_from_the_start_too() -> None:
    take = Take(silence_seconds=1)
    assert reasons(take, [QUIET] * 49) is None
    assert reasons(take, [QUIET] * 3) == "silence"
    assert take.recorder.limits.voiced_seconds == 0


def test_a_voice_puts_the_end_off() -> None:
    take = Take(silence_seconds=1)
    assert reasons(take, [QUIET] * 40 + [LOUD] * 40 + [QUIET] * 45) is None
    assert take.recorder.limits.voiced_seconds == pytest.approx(0.78)
    assert reasons(take, [QUIET] * 10) == "silence"


def test_the_longest_length_is_exact() -> None:
    take = Take(max_seconds=1.01)
    assert reasons(take, [LOUD] * 100) == "max_length"
    assert len(take.end()) == 8080


def test_both_ends_come_without_any_packet() -> None:
    take = Take(max_seconds=2, silence_seconds=5)
    assert take.recorder.due(take.now + 1.9) is None
    assert take.recorder.due(take.now + 2) == "max_length"
    assert Take(silence_seconds=5).recorder.due(105.0) == "silence"
    assert take.end() == b""


@pytest.mark.parametrize(("key", "ends"), [("#", True), ("*", True), ("1", False)])
def test_finish_keys(key: str, ends: bool) -> None:
    assert Take().recorder.limits.is_finished_by(key) is ends
