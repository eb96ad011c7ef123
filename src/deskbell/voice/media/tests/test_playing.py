"""Every byte of every clip, in order, in packets of 160."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.voice.media.playing import slices


@given(st.lists(st.binary(max_size=500), max_size=5), st.integers(1, 3))
def test_all_bytes_are_played_and_the_end_is_silence(clips: list[bytes], loop: int) -> None:
    played = list(slices(clips, loop=loop))
    whole = b"".join(clips) * loop
    assert all(len(packet) == 160 for packet in played)
    assert len(played) == -(-len(whole) // 160)
    assert b"".join(played) == whole.ljust(160 * len(played), b"\xff")


def test_for_ever() -> None:
    played = b"".join(itertools.islice(slices([b"abc", b"defg"], loop=0), 10))
    assert played == (b"abcdefg" * 300)[:1600]


@pytest.mark.parametrize("clips", [[], [b""], [b"", b""]])
def test_nothing_to_play_ends_even_for_ever(clips: list[bytes]) -> None:
    assert list(slices(clips, loop=0)) == []
