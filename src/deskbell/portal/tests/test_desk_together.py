"""What all desks show alike: when it is made anew, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deskbell.portal.desk.together import Together

START = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("version", "seconds", "seen", "shown"),
    [
        (5, 0, -1, 5),  # as it was made
        (5, 9, 3, 5),
        (5, 10, 3, 5),  # anew: waiting times grow
        (8, 1.9, 4, 5),  # changes of two seconds come together
        (8, 1.9, 5, 5),
        (8, 2, 4, 8),
        (8, 0.5, 6, 8),  # whoever has something newer never gets what is older
        (4, 0.5, 3, 4),  # an older database was brought back
    ],
)
def test_which_version_a_page_gets(version: int, seconds: float, seen: int, shown: int) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"%d" % len(made)

    together = Together(make)
    together.at(5, START, seen=-1)
    found = together.at(version, START + timedelta(seconds=seconds), seen=seen)
    is_anew = shown != 5 or seconds >= 10
    assert (found.version, found.html) == (shown, b"2" if is_anew else b"1")


def test_what_cannot_be_made_is_tried_again_by_the_next() -> None:
    tries = iter([False, True])

    def make() -> bytes:
        if next(tries):
            return b"late"
        raise RuntimeError

    together = Together(make)
    with pytest.raises(RuntimeError):
        together.at(1, START, seen=-1)
    assert together.at(1, START, seen=-1).html == b"late"
