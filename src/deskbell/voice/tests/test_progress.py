"""Behaviours of Dial, its forks and its status callbacks, as tables (RCML reference, section 6)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.voice.progress import FINAL, Notices, Race, status_of_refusal

REFUSALS = [
    (486, "busy"),
    (600, "busy"),
    (603, "busy"),
    (408, "no-answer"),
    (480, "no-answer"),
    (487, "canceled"),
    (404, "failed"),
    (403, "failed"),
    (484, "failed"),
    (488, "failed"),
    (500, "failed"),
    (503, "failed"),
    (604, "failed"),
]


@pytest.mark.parametrize(("code", "status"), REFUSALS)
def test_what_a_refusal_means(code: int, status: str) -> None:
    assert status_of_refusal(code) == status


# What becomes of a call, which events are asked for, and what is told with which number.
CALLBACKS = [
    # RestComm's DialStatusCallbackTest: answered, then hung up
    ("queued ringing in-progress completed", "", "initiated0 ringing1 answered2 completed3"),
    # … an unavailable callee: 0, 1, 3
    ("queued ringing no-answer", "", "initiated0 ringing1 no-answer3"),
    ("queued ringing busy", "", "initiated0 ringing1 busy3"),
    ("queued failed", "", "initiated0 failed3"),
    ("queued ringing canceled", "", "initiated0 ringing1 canceled3"),
    ("queued in-progress completed", "", "initiated0 answered2 completed3"),
    # a phone that rings twice, and one that ends twice
    ("queued ringing ringing busy failed", "", "initiated0 ringing1 busy3"),
    # a late 180 after the answer
    ("queued in-progress ringing completed", "", "initiated0 answered2 completed3"),
    ("queued ringing in-progress completed", "completed", "completed3"),
    ("queued ringing busy", "completed", "busy3"),
    ("queued ringing in-progress completed", "answered", "answered2"),
    ("queued ringing no-answer", "initiated answered", "initiated0"),
]


@pytest.mark.parametrize(("changes", "wanted", "told"), CALLBACKS)
def test_what_status_callbacks_tell(changes: str, wanted: str, told: str) -> None:
    notices = Notices(wanted.split())
    found = [notices.of(status) for status in changes.split()]
    assert [f"{one.status}{one.number}" for one in found if one] == told.split()


# Branches (s: screened), what happens to them in order, what is done to them, and how it came out.
# a: answers, y: accepts, n: declines, T: nobody may ring any longer, L: the caller leaves,
# b: busy, f: failed, x: no answer, c: completed; the digit is the branch.
RACES = [
    (".", "a0 c0", "bridge0", "completed 0"),
    (".", "b0", "", "busy 0"),
    (".", "f0", "", "failed 0"),
    (".", "x0", "", "no-answer 0"),
    # RestComm's DialActionTest expects canceled here, its code says no answer: no answer it is
    (".", "T", "end0", "no-answer 0"),
    (".", "L", "end0", "canceled 0"),
    (".", "a0 L", "bridge0 end0", "completed 0"),
    # several at once: the first answer wins
    ("..", "a1 c1", "end0 bridge1", "completed 1"),
    ("...", "a1 c1", "end0 end2 bridge1", "completed 1"),
    ("..", "a0 a1 c0", "end1 bridge0", "completed 0"),
    ("..", "b0 a1 c1", "bridge1", "completed 1"),
    ("..", "b0 b1", "", "busy 1"),
    ("..", "b0 f1", "", "busy 1"),
    ("..", "f0 f1", "", "failed 1"),
    ("..", "b0 T", "end1", "no-answer 1"),
    ("..", "x0 b1", "", "no-answer 1"),
    ("..", "T", "end0 end1", "no-answer 1"),
    ("..", "f0 L", "end1", "canceled 1"),
    # screening: who accepts first wins, the others ring on meanwhile
    ("s", "a0 y0 c0", "screen0 bridge0", "completed 0"),
    ("s", "a0 n0", "screen0 end0", "no-answer 0"),
    ("s", "a0 c0", "screen0", "no-answer 0"),
    ("s", "a0 T y0 c0", "screen0 bridge0", "completed 0"),
    ("s", "a0 L", "screen0 end0", "canceled 0"),
    ("ss", "a0 a1 y1 c1", "screen0 screen1 end0 bridge1", "completed 1"),
    ("ss", "a0 n0 a1 y1 c1", "screen0 end0 screen1 bridge1", "completed 1"),
    ("s.", "a0 a1 c1", "screen0 end0 bridge1", "completed 1"),
    ("s.", "a0 T n0", "screen0 end1 end0", "no-answer 1"),
    ("ss", "a0 a1 y0 y1 c0", "screen0 screen1 end1 bridge0", "completed 0"),
    ("s.", "a0 n0 b1", "screen0 end0", "no-answer 1"),
]
ENDINGS = {"b": "busy", "f": "failed", "x": "no-answer", "c": "completed"}


def obeyed(race: Race, step: str) -> list[str]:
    kind, at = step[0], int(step[1:] or 0)
    acts = {
        "a": lambda: race.answers(at),
        "y": lambda: race.accepts(at),
        "n": lambda: race.declines(at),
        "T": race.times_out,
        "L": race.loses_caller,
    }
    commands = acts[kind]() if kind in acts else race.ends(at, ENDINGS[kind], 486)
    return [f"{command.act}{command.branch}" for command in commands]


@pytest.mark.parametrize(("branches", "steps", "commands", "outcome"), RACES)
def test_who_wins(branches: str, steps: str, commands: str, outcome: str) -> None:
    race = Race([mark == "s" for mark in branches])
    done = [act for step in steps.split() for act in obeyed(race, step)]
    assert done == commands.split()
    assert race.is_over
    assert not race.is_ringing
    assert f"{race.status()} {race.shown()}" == outcome


def test_a_race_of_nobody_has_failed() -> None:
    race = Race([])
    assert race.is_over
    assert (race.status(), race.shown()) == ("failed", None)


@given(
    screened=st.lists(st.booleans(), min_size=1, max_size=4),
    steps=st.lists(
        st.sampled_from(
            [f"{kind}{at}" for kind, at in itertools.product("aynbfxc", range(4))] + ["T", "L"]
        ),
        max_size=30,
    ),
)
def test_in_any_order_one_wins_at_most_and_nobody_is_ended_twice(
    screened: list[bool], steps: list[str]
) -> None:
    race = Race(screened)
    done = [
        act
        for step in steps
        if not step[1:] or int(step[1:]) < len(screened)
        for act in obeyed(race, step)
    ]
    assert sum(act.startswith("bridge") for act in done) <= 1
    ended = [act for act in done if act.startswith("end")]
    assert len(ended) == len(set(ended))
    bridged = [int(act[6:]) for act in done if act.startswith("bridge")]
    assert race.winner == (bridged[0] if bridged else None)
    assert race.status() in FINAL
