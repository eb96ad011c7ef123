"""A strip of audio out of packets, by a clock of its own."""

from __future__ import annotations

from deskbell.voice.media.track import Track

QUIET = b"\xff" * 160


def numbered(number: int) -> bytes:
    return bytes([number]) * 160


def heard(track: Track, *numbers: int, now: float = 0.0, shift: int = 0) -> None:
    for number in numbers:
        track.hear(
            numbered(number),
            came_as="PCMU",
            timestamp=(160 * number + shift) & 0xFFFFFFFF,
            now=now + 0.02 * number,
        )


def strip(track: Track) -> bytes:
    return track.cut(track.waiting)


def test_it_begins_with_the_first_packet_or_when_it_was_told() -> None:
    loose, aligned = Track(law="PCMU", now=0.0), Track(law="PCMU", now=0.0, is_aligned=True)
    for track in (loose, aligned):
        heard(track, 4, 5)
    assert strip(loose) == numbered(4) + numbered(5)
    assert strip(aligned) == QUIET * 3 + numbered(4) + numbered(5)


def test_timestamps_may_wrap() -> None:
    track = Track(law="PCMU", now=0.0)
    heard(track, 1, 2, 4, 3, shift=0xFFFFFFFF - 400)
    assert strip(track) == b"".join(map(numbered, range(1, 5)))


def test_a_missing_packet_is_waited_for_until_it_comes_or_is_given_up() -> None:
    track = Track(law="PCMU", now=0.0)
    heard(track, 1, 3)
    assert track.is_mending
    heard(track, 2)
    assert not track.is_mending
    heard(track, 5)
    assert track.is_mending
    heard(track, 6, 7, 8)
    assert not track.is_mending


def test_what_is_late_again_and_again_is_a_new_beginning() -> None:
    track = Track(law="PCMU", now=0.0)
    heard(track, *range(1, 31))
    strip(track)
    heard(track, *range(10, 40), now=0.6)
    assert strip(track).startswith(numbered(17) + numbered(18))


def test_silence_is_filled_in_up_to_a_lag_and_counts_once() -> None:
    track = Track(law="PCMU", now=0.0)
    heard(track, 1)
    track.catch_up(0.05, 0.06)
    assert track.waiting == 160
    track.catch_up(1.02, 0.5)
    track.catch_up(1.02, 0.5)
    assert track.waiting == 160 + 4000
    heard(track, 51)
    assert strip(track) == numbered(1) + QUIET * 49 + numbered(51)


def test_a_limit_holds_for_silence_too() -> None:
    track = Track(law="PCMA", now=0.0, limit=400)
    heard(track, 1)
    track.catch_up(10.0, 0.0)
    heard(track, 201)
    assert len(strip(track)) == track.samples == 400


def test_what_is_not_there_can_be_had_as_silence() -> None:
    track = Track(law="PCMU", now=0.0)
    heard(track, 1)
    assert track.cut_filled(200) == numbered(1) + b"\xff" * 40
