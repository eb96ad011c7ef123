"""Who is rung for whom, by example, and for any queue at all."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from deskbell.desk.rules.assignment import (
    MOST_RINGING,
    MOST_RUNG,
    Assignment,
    Free,
    Waiting,
    assign,
)

START = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
Pairs = set[tuple[int, int]]


def caller(pk: int, **more: object) -> Waiting:
    return Waiting(pk, START + timedelta(seconds=pk), **more)  # type: ignore[arg-type]


def free(pk: int, *skills: int, idle: int = 0, has_number: bool = True) -> Free:
    return Free(pk, frozenset(skills), START - timedelta(seconds=idle), has_number)


def applied(ringing: Pairs, found: Assignment) -> Pairs:
    return (ringing - set(found.stop)) | set(found.start)


def test_all_ring_for_a_caller_alone() -> None:
    assert assign([caller(1)], [free(7), free(8), free(9)]).start == ((1, 7), (1, 8), (1, 9))


def test_a_caller_alone_has_so_many_at_most_who_were_free_the_longest() -> None:
    people = [free(pk, idle=pk) for pk in range(1, 101)]
    longest = {(1, pk) for pk in range(100, 100 - MOST_RUNG, -1)}
    assert set(assign([caller(1)], people).start) == longest


def test_where_many_ring_each_caller_has_one() -> None:
    callers = [caller(n) for n in range(MOST_RINGING + 5)]
    people = [free(pk) for pk in range(100, 200)]
    found = assign(callers, people)
    assert Counter(call for call, _ in found.start) == dict.fromkeys(range(len(callers)), 1)
    few = assign(callers[:3], people)
    assert len(few.start) == MOST_RINGING
    ringing = sorted(few.start)
    assert assign(callers[:3], people, ringing) == Assignment(), "it is settled"
    assert assign(callers[:4], people, ringing).stop == (), "who came last has one that was free"


def test_the_next_one_follows_where_one_of_them_did_not_answer() -> None:
    people = [free(pk, idle=pk) for pk in range(1, 101)]
    ringing = sorted(assign([caller(1)], people).start)
    [missed, refused, *still] = ringing
    late = [free(each.id) if each.id == missed[1] else each for each in people]
    found = assign([caller(1)], late, still, resting={refused})
    assert found == Assignment(start=((1, 89), (1, 90)))


def test_every_caller_has_one_and_the_rest_are_shared_out() -> None:
    found = assign([caller(1), caller(2)], [free(pk) for pk in (5, 6, 7, 8, 9)])
    assert Counter(call for call, _ in found.start) == {1: 3, 2: 2}


def test_the_oldest_come_first_and_who_was_idle_longest_is_rung() -> None:
    found = assign([caller(3), caller(1), caller(2)], [free(7), free(8, idle=60)])
    assert set(found.start) == {(1, 8), (2, 7)}


def test_a_ring_is_moved_from_the_caller_who_has_most() -> None:
    ringing = [(1, 5), (1, 6), (1, 7), (2, 8), (2, 9)]
    found = assign([caller(1), caller(2), caller(3)], [free(r) for _, r in ringing], ringing)
    assert found.stop == ((1, found.start[0][1]),)
    assert found.start[0][0] == 3


def test_a_callers_only_ring_stays() -> None:
    assert assign([caller(1), caller(2)], [free(7)], [(2, 7)]) == Assignment()


def test_others_change_theirs_where_that_helps() -> None:
    """8 alone speaks what 2 needs, and rings for 1, for whom 7 does as well."""
    found = assign([caller(1), caller(2, skill_id=4)], [free(7), free(8, 4)], [(1, 8)])
    assert applied({(1, 8)}, found) == {(1, 7), (2, 8)}


def test_nobody_is_rung_without_the_skill() -> None:
    assert assign([caller(1, skill_id=4)], [free(7, 3), free(8)]) == Assignment()


def test_carriers_reach_numbers_alone() -> None:
    phones = [free(7, has_number=False), free(8)]
    assert assign([caller(1, needs_number=True)], phones).start == ((1, 8),)


def test_who_had_a_caller_is_rung_first_and_alone() -> None:
    back = caller(1, preferred_id=8)
    assert assign([back], [free(7), free(8)]).start == ((1, 8),)
    assert assign([back], [free(7), free(8)], [(1, 8)]) == Assignment()
    assert assign([back], [free(7)]).start == ((1, 7),)


def test_who_refused_a_caller_is_left_alone_by_that_one() -> None:
    both = [caller(1), caller(2)]
    assert assign(both, [free(7)], resting={(1, 7)}).start == ((2, 7),)
    assert assign([caller(1)], [free(7)], resting={(1, 7)}) == Assignment()


def test_a_resting_pair_does_not_make_its_kind_hopeless() -> None:
    three = [caller(1), caller(2), caller(3)]
    found = assign(three, [free(7), free(8)], resting={(1, 7), (1, 8), (2, 8)})
    assert set(found.start) == {(2, 7), (3, 8)}


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[Waiting], list[Free], Pairs, Pairs]:
    skill = st.none() | st.integers(1, 2)
    people = [
        Free(
            100 + n,
            draw(st.frozensets(st.integers(1, 2))),
            START - timedelta(seconds=draw(st.integers(0, 3))),
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    ids = st.sampled_from([each.id for each in people]) if people else st.none()
    callers = [
        Waiting(
            n,
            START + timedelta(seconds=draw(st.integers(0, 4))),
            draw(skill),
            draw(st.none() | ids),
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    pairs = [(c.id, r.id) for c in callers for r in people]
    resting = set(draw(st.lists(st.sampled_from(pairs), max_size=4))) if pairs else set()
    ringing: Pairs = set()
    for each in people:
        able = [c.id for c in callers if fits(c, each) and (c.id, each.id) not in resting]
        chosen = draw(st.none() | st.sampled_from(able)) if able else None
        if chosen is not None:
            ringing.add((chosen, each.id))
    return callers, people, ringing, resting


def fits(waiting: Waiting, each: Free) -> bool:
    has_skill = waiting.skill_id is None or waiting.skill_id in each.skills
    return has_skill and (each.has_number or not waiting.needs_number)


def can_all_be_served(some: tuple[int, ...], edges: dict[int, set[int]]) -> bool:
    """Hall's theorem, over every set of callers."""
    return all(
        len(set().union(*(edges[c] for c in part))) >= len(part)
        for size in range(1, len(some) + 1)
        for part in combinations(some, size)
    )


@given(queues(), st.integers(1, 5), st.integers(1, 6))
def test_any_queue(
    queue: tuple[list[Waiting], list[Free], Pairs, Pairs], most: int, in_all: int
) -> None:
    callers, people, ringing, resting = queue
    found = assign(callers, people, sorted(ringing), resting, most=most, most_in_all=in_all)
    then = applied(ringing, found)
    by_id, person = {c.id: c for c in callers}, {r.id: r for r in people}

    assert set(found.stop) <= ringing
    assert not set(found.start) & ringing
    assert max(Counter(r for _, r in then).values(), default=1) == 1, "rung for two at once"
    for call, receptionist in found.start:
        assert fits(by_id[call], person[receptionist])
        assert (call, receptionist) not in resting
    had_rings, rings = (Counter(c for c, _ in pairs) for pairs in (ringing, then))
    assert all(count <= max(most, had_rings[c]) for c, count in rings.items())

    # Who had a ring has one; and of the others as many as can be, the oldest first.
    served, had = {c for c, _ in then}, {c for c, _ in ringing}
    assert len(then) <= max(in_all, len(ringing) + len(served - had))
    assert had <= served
    edges = {
        c.id: {r.id for r in people if fits(c, r) and (c.id, r.id) not in resting} for c in callers
    }
    expected = set(had)
    for each in sorted(callers, key=lambda c: (c.rank_at, c.id)):
        if each.id not in had and can_all_be_served((*expected, each.id), edges):
            expected.add(each.id)
    assert served == expected

    # Nobody who could help is idle, unless a caller is kept for who had them before, or has enough.
    kept = {c.id for c in callers if (c.id, c.preferred_id) in then or rings[c.id] >= most}
    rung = {r for _, r in then}
    for idle in people:
        if idle.id not in rung and len(rung) < in_all:
            assert not {c for c in served - kept if idle.id in edges[c]}
    again = assign(callers, people, sorted(then), resting, most=most, most_in_all=in_all)
    assert again == Assignment(), "it is settled"


@given(queues())
def test_the_order_in_which_rows_come_says_nothing(
    queue: tuple[list[Waiting], list[Free], Pairs, Pairs],
) -> None:
    callers, people, ringing, resting = queue
    one = assign(callers, people, sorted(ringing), resting)
    other = assign(callers[::-1], people[::-1], sorted(ringing, reverse=True), resting)
    assert one == other


def test_a_thousand_callers() -> None:
    """Skills that some of a hundred receptionists have, and one that nobody has."""
    callers = [caller(n, skill_id=(None, 1, 2, 9)[n % 4]) for n in range(1000)]
    people = [free(5000 + n, *((), (1,), (2,), (1, 2))[n % 4], idle=n) for n in range(100)]
    ringing = [(0, each.id) for each in people]
    found = assign(callers, people, ringing)
    assert len({c for c, _ in applied(set(ringing), found)}) == 100
