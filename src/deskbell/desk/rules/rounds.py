"""What one look at the desk finds to do: pure, so that every case can be tried without a clock.

Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from .assignment import Assignment, Free, Waiting, assign
from .queue import ANSWER_WITHIN, PAGE_LOST_AFTER, RUNG_WITHIN
from .standing import Standing

GATEWAY: Final = "gateway"


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that waits. `is_over`: its record has ended, and nobody said so here."""

    id: int
    rank_at: datetime
    skill_id: int | None
    preferred_id: int | None
    way: str
    gives_up_at: datetime | None
    is_outgoing: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A receptionist who is not away. `can_ring`: they serve, and have a telephone."""

    id: int
    standing: str
    leaves_after: bool
    since: datetime
    seen_at: datetime | None
    phone: str
    can_ring: bool
    skills: frozenset[int]


@dataclass(frozen=True, slots=True)
class RingRow:
    """A ring that goes on."""

    id: int
    call_id: int
    receptionist_id: int
    made_at: datetime
    rung_at: datetime | None
    is_claimed: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: ids of calls to close (voicemail) and of those that are over, of
    receptionists whose page is lost, of rings that nobody tells of any more, rings to place again,
    and who is rung for whom."""

    close: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    page_lost: tuple[int, ...] = ()
    expired: tuple[int, ...] = ()
    again: tuple[RingRow, ...] = ()
    assignment: Assignment = field(default_factory=Assignment)


def plan(
    calls: Sequence[CallRow],
    people: Sequence[PersonRow],
    rings: Sequence[RingRow],
    resting: Collection[tuple[int, int]],
    at: datetime,
) -> Plan:
    """What is to be done at `at`."""
    claimed = {each.call_id for each in rings if each.is_claimed}
    lost = {each.id for each in people if is_page_lost(each, at)}
    here = [each for each in people if each.id not in lost]
    waiting = [each for each in calls if not each.is_outgoing and not each.is_over]
    rung_for = {each.call_id for each in rings}
    over = [
        each.id for each in calls if each.is_over or (each.is_outgoing and each.id not in rung_for)
    ]
    close = {each.id for each in waiting if each.id not in claimed and _is_hopeless(each, here, at)}
    stay = [each for each in waiting if each.id not in close | claimed]
    return Plan(
        close=tuple(sorted(close)),
        over=tuple(sorted(over)),
        page_lost=tuple(sorted(lost)),
        expired=tuple(each.id for each in rings if is_expired(each, at)),
        again=tuple(each for each in rings if needs_ringing(each, at)),
        assignment=_assignment(stay, here, rings, resting),
    )


def is_page_lost(person: PersonRow, at: datetime) -> bool:
    """Whether somebody is available whose page nobody has had open for long."""
    last = max(person.seen_at or person.since, person.since)
    return person.standing == Standing.AVAILABLE and last <= at - PAGE_LOST_AFTER


def is_expired(ring: RingRow, at: datetime) -> bool:
    """Whether nobody will say any more what became of a ring."""
    return (ring.rung_at or ring.made_at) <= at - ANSWER_WITHIN


def needs_ringing(ring: RingRow, at: datetime) -> bool:
    """Whether a ring was claimed and its telephone was not asked: whoever had it may have died."""
    return ring.rung_at is None and not is_expired(ring, at) and ring.made_at <= at - RUNG_WITHIN


def turn_of(ring: RingRow, at: datetime) -> int:
    """Which time it is that a ring's telephone is asked again."""
    return int((at - ring.made_at) / RUNG_WITHIN)


def can_take(call: CallRow, person: PersonRow) -> bool:
    """Whether a receptionist on duty takes calls like this one, now or after another."""
    has_skill = call.skill_id is None or call.skill_id in person.skills
    is_reached = call.way == GATEWAY or _has_number(person)
    return has_skill and is_reached and person.can_ring and not person.leaves_after


def _is_hopeless(call: CallRow, people: Sequence[PersonRow], at: datetime) -> bool:
    if call.gives_up_at is not None and call.gives_up_at <= at:
        return True
    return not any(can_take(call, each) for each in people)


def _assignment(
    waiting: Sequence[CallRow],
    people: Sequence[PersonRow],
    rings: Sequence[RingRow],
    resting: Collection[tuple[int, int]],
) -> Assignment:
    if not waiting:
        return Assignment()
    ids = {each.id for each in waiting}
    ringing = [(e.call_id, e.receptionist_id) for e in rings if e.call_id in ids]
    movable = {receptionist for _, receptionist in ringing}
    return assign(
        [Waiting(e.id, e.rank_at, e.skill_id, e.preferred_id, e.way != GATEWAY) for e in waiting],
        [
            Free(e.id, e.skills, e.since, _has_number(e))
            for e in people
            if e.id in movable or (e.standing == Standing.AVAILABLE and e.can_ring)
        ],
        ringing,
        resting,
    )


def _has_number(person: PersonRow) -> bool:
    return person.phone.startswith("+")
