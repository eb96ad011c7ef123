"""Each press once, whatever is lost, repeated or late."""

from __future__ import annotations

import pytest

from deskbell.voice.media.digits import DigitReader
from deskbell.voice.media.tests.peer import event

Sent = tuple[int, int, bool, int]  # timestamp, code, end, length
ONE = [(0, 1, False, 160), (0, 1, False, 320), (0, 1, True, 480), (0, 1, True, 480)]


def keys(packets: list[Sent], *, ssrc: int = 1) -> str:
    reader = DigitReader()
    return "".join(
        reader.read(event(code, end=end, length=length), timestamp=timestamp, ssrc=ssrc)
        for timestamp, code, end, length in packets
    )


@pytest.mark.parametrize(
    ("packets", "pressed"),
    [
        (ONE, "1"),
        (ONE[:1], "1"),
        (ONE[3:], "1"),
        ([*ONE[:2], (900, 1, False, 160)], "11"),
        ([*ONE, (900, 11, True, 800)], "1#"),
        ([(0, 10, False, 80), (0, 10, False, 80)], "*"),
        ([(900, 2, True, 400), (0, 1, True, 480), (900, 2, True, 400)], "2"),
        ([(0, 16, False, 160), (400, 200, True, 160)], ""),
        ([(0, 5, False, 0xFFFF), (0xFFFF, 5, False, 160), (0xFFFF, 5, True, 320)], "5"),
        ([(0xFFFFFFF0, 3, True, 160), (0x100, 4, True, 160)], "34"),
        ([(0, 3, True, 160), (0, 4, False, 160)], "34"),
    ],
    ids=[
        "ends repeated",
        "only the first packet",
        "only the last packet",
        "end lost, same key again",
        "another key",
        "first packet repeated",
        "an old packet comes late",
        "no keys",
        "a press longer than a packet can say",
        "timestamp wraps",
        "a peer that never moves its timestamp",
    ],
)
def test_presses(packets: list[Sent], pressed: str) -> None:
    assert keys(packets) == pressed


@pytest.mark.parametrize("payload", [b"", b"\x01", b"\x01\x0a\x00"])
def test_a_short_payload_is_no_key(payload: bytes) -> None:
    assert DigitReader().read(payload, timestamp=0, ssrc=1) == ""


def test_a_new_stream_begins_anew() -> None:
    reader = DigitReader()
    assert reader.read(event(1), timestamp=5000, ssrc=1) == "1"
    assert reader.read(event(1), timestamp=10, ssrc=2) == "1"
