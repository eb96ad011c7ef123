"""Who waits and who talks in a conference, as a table (RCML reference, section 6b)."""

from __future__ import annotations

import pytest

from deskbell.voice.conferences import Full, Seat, Seats

# What happens in order, and what the members a, b, c do then.
# +a: enters; +a!: enters without starting it; +a.: ends it on exit; -a: leaves; ~a: is kicked;
# ha / ua: is held / taken back
CASES = [
    ("+a", "a waiting"),
    ("+a +b", "a talking b talking"),
    ("+a! +b!", "a waiting b waiting"),
    ("+a! +b! +c", "a talking b talking c talking"),
    ("+a +b -a", "b waiting"),
    ("+a! +b -b +c!", "a talking c talking"),
    ("+a +b ha", "a held b talking"),
    ("+a +b ha ua", "a talking b talking"),
    ("+a ha", "a held"),
]


def played(steps: str) -> tuple[Seats, list[str]]:
    seats, ends = Seats(), list[str]()
    for step in steps.split():
        sid = step[1]
        if step[0] == "+":
            seat = Seat(starts="!" not in step, ends="." in step)
            seats.enter(sid, seat, most=3)
        elif step[0] in "-~":
            ends.append(seats.leave(sid, is_kicked=step[0] == "~") or "")
        else:
            seats[sid].is_held = step[0] == "h"
    return seats, ends


@pytest.mark.parametrize(("steps", "states"), CASES)
def test_who_waits_and_who_talks(steps: str, states: str) -> None:
    seats, _ = played(steps)
    found = " ".join(f"{sid} {seats.state(sid)}" for sid in "abc" if sid in seats)
    assert found == states


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("+a +b -a", ""),
        ("+a -a", "last-participant-left"),
        ("+a ~a", "last-participant-kicked"),
        ("+a. +b -a", "participant-with-end-conference-on-exit-left"),
        ("+a. +b ~a", "participant-with-end-conference-on-exit-kicked"),
        ("+a. +b -b", ""),
        ("+a -b", ""),
    ],
)
def test_when_it_is_over(steps: str, reason: str) -> None:
    assert played(steps)[1][-1] == reason


def test_a_room_has_its_size_and_begins_once() -> None:
    seats = Seats()
    assert not seats.enter("a", Seat(), most=2)
    assert seats.enter("b", Seat(), most=2)
    with pytest.raises(Full):
        seats.enter("c", Seat(), most=2)
    seats.leave("a")
    assert not seats.enter("c", Seat(), most=2)
    assert seats.state("a") == "out"
