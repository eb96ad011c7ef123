"""The worker's beat at the desk: who is rung, whose patience is over, who has written long enough.

One worker at a time, by a lock of the database; as many statements for a thousand callers as for
one. What is in somebody else's hands just now is passed over: whoever has it wakes the beat.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q

from deskbell.platform.jobs import Job, enqueue_many
from deskbell.platform.tenancy import system_scope

from .. import jobs
from ..models import DeskCall, DeskCallState, Offer, OfferState, Receptionist, Standing
from ..queries.board import Board, board
from ..rules.queue import ANSWER_WITHIN, PAGE_LOST_AFTER, Outcome, RingEnd
from ..rules.rounds import Plan, plan, turn_of
from ..rules.standing import PAGE_CLOSED, Event
from . import rings
from .availability import move, show_floor
from .locks import locked_receptionists
from .offers import ring_expired
from .queue import call_over

_LOCK: Final = 0x6465736B  # "desk"
_REASON: Final = "receptionists serve every account"


def distribute(at: datetime) -> int:
    """Does all that is due at the desk at `at`; gives how many rings it began.

    Enters a system scope. What broke off alone (a ring that nobody tells of, a caller whose end was
    not heard of) is done call by call afterwards. One statement where nothing is going on.
    """
    if _is_quiet(at):
        return 0
    with system_scope(_REASON):
        with transaction.atomic():
            _one_at_a_time()
            now = board(at)
            due = plan(now.calls, now.people, now.rings, now.resting, at)
            begun = _carry_out(now, due, at)
        for offer_id in due.expired:
            ring_expired(offer_id=offer_id, at=at)
        for call in DeskCall.objects.filter(pk__in=due.over) if due.over else ():
            call_over(desk_call=call, at=at)
    return begun


def _is_quiet(at: datetime) -> bool:
    """Whether nobody waits, nothing rings, and no time is over: so it is at most looks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT (EXISTS (SELECT FROM desk_deskcall WHERE state = 'waiting')"
            " OR EXISTS (SELECT FROM desk_offer WHERE state = 'ringing')"
            " OR EXISTS (SELECT FROM desk_deskcall WHERE state <> 'over'"
            " AND state IN ('wrapping', 'passed_on') AND wrap_until <= %s)"
            " OR EXISTS (SELECT FROM desk_receptionist WHERE standing = 'available'"
            " AND greatest(seen_at, since) <= %s))",
            [at, at - PAGE_LOST_AFTER],
        )
        [is_quiet] = cursor.fetchone() or [False]
    return bool(is_quiet)


def next_due() -> datetime | None:
    """When the clock has the next thing to do at the desk; None where nothing is. One statement.

    What rests from each other for some seconds is not counted: the beat looks every second.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least("
            "(SELECT min(gives_up_at) FROM desk_deskcall WHERE state = 'waiting'),"
            "(SELECT min(wrap_until) FROM desk_deskcall WHERE state <> 'over'"
            " AND state IN ('wrapping', 'passed_on')),"
            "(SELECT min(greatest(seen_at, since)) + make_interval(secs => %s)"
            " FROM desk_receptionist WHERE standing = 'available'),"
            "(SELECT min(coalesce(rung_at, made_at)) + make_interval(secs => %s)"
            " FROM desk_offer WHERE state = 'ringing'))",
            [PAGE_LOST_AFTER.total_seconds(), ANSWER_WITHIN.total_seconds()],
        )
        [found] = cursor.fetchone() or [None]
    return found if isinstance(found, datetime) else None


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@dataclass(frozen=True, slots=True)
class _Held:
    """The rows of a plan that could be locked, and what rings for or at them."""

    calls: Mapping[int, DeskCall]
    people: Mapping[int, Receptionist]
    ringing: Collection[Offer]

    def is_free(self, receptionist_id: int) -> bool:
        found = self.people.get(receptionist_id)
        return found is not None and found.standing == Standing.AVAILABLE

    def rings_of(self, call_id: int) -> list[Offer]:
        return [each for each in self.ringing if each.desk_call_id == call_id]


def _carry_out(now: Board, due: Plan, at: datetime) -> int:
    if due.again:
        _ring_again(due, at)
    held = _hold(now, due)
    if held is None:
        return 0
    _close(held, due, at)
    _wrap_up(held, now, at)
    lost = [pk for pk in due.page_lost if held.is_free(pk)]
    _move(held, lost, Event.PAGE_LOST, at, words=PAGE_CLOSED)
    return _ring(held, due, at)


def _hold(now: Board, due: Plan) -> _Held | None:
    """Locks what the plan touches and nobody else holds; three statements."""
    closing = set(due.close)
    calls = closing | {call for call, _ in due.assignment.start} | {pk for pk, _ in now.wrapped}
    people = {person for _, person in (*due.assignment.start, *due.assignment.stop)}
    people |= set(due.page_lost) | {person for _, person in now.wrapped if person}
    people |= {each.receptionist_id for each in now.rings if each.call_id in closing}
    if not calls and not people:
        return None
    rows = DeskCall.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    locked = {each.pk: each for each in rows.filter(pk__in=calls).order_by("pk")}
    receptionists = locked_receptionists(people, skip_locked=True)
    touched = Q(desk_call_id__in=calls) | Q(receptionist_id__in=people)
    ringing = Offer.objects.filter(touched, state=OfferState.RINGING)
    return _Held(locked, receptionists, list(ringing))


def _close(held: _Held, due: Plan, at: datetime) -> None:
    """Nobody will answer these: their rings end, and their callers go on to voicemail."""
    calls, ended = [], []
    for pk in due.close:
        call, ringing = held.calls.get(pk), held.rings_of(pk)
        if call is None or call.state != DeskCallState.WAITING:
            continue
        if any(e.is_claimed or e.receptionist_id not in held.people for e in ringing):
            continue
        calls.append(call)
        ended += ringing
    if not calls:
        return
    _end(held, ended, at)
    DeskCall.objects.filter(pk__in=[each.pk for each in calls]).update(
        state=DeskCallState.OVER, outcome=Outcome.VOICEMAIL, ended_at=at, closed_at=at
    )
    _queue(jobs.close, calls)
    show_floor()


def _wrap_up(held: _Held, now: Board, at: datetime) -> None:
    """The time for writing down is over: the receptionists are free."""
    theirs = dict(now.wrapped)
    due = [
        call
        for pk, call in held.calls.items()
        if pk in theirs
        and call.wrap_until is not None
        and call.wrap_until <= at
        and (theirs[pk] is None or theirs[pk] in held.people)
    ]
    if not due:
        return
    writing = [
        pk
        for call in due
        if (pk := call.receptionist_id) and held.people[pk].standing == Standing.WRAPPING
    ]
    _move(held, writing, Event.WRAP_TIME_OVER, at)
    mine = DeskCall.objects.filter(pk__in=[each.pk for each in due])
    mine.filter(state=DeskCallState.WRAPPING).update(
        state=DeskCallState.OVER, wrap_until=None, closed_at=at
    )
    mine.filter(state=DeskCallState.PASSED_ON).update(wrap_until=None)
    _queue(jobs.wrapped, due, at=at.isoformat())


def _ring(held: _Held, due: Plan, at: datetime) -> int:
    """Ends rings that are moved, and begins new ones; gives how many it began."""
    theirs = {each.receptionist_id: each for each in held.ringing}
    claimed = {each.desk_call_id for each in held.ringing if each.is_claimed}
    moved = [
        theirs[person]
        for call, person in due.assignment.stop
        if person in held.people
        and person in theirs
        and theirs[person].desk_call_id == call
        and not theirs[person].is_claimed
    ]
    begun = []
    freed = {each.receptionist_id for each in moved}
    for call_id, person in due.assignment.start:
        call = held.calls.get(call_id)
        if call is None or call.state != DeskCallState.WAITING or call_id in claimed:
            freed.discard(person)
        elif person in freed or held.is_free(person):
            begun.append(rings.offer_of(call, held.people[person], at))
    _end(held, [each for each in moved if each.receptionist_id in freed], at)
    _move(held, [each.receptionist_id for each in begun], Event.RUNG, at)
    if begun:
        rings.begin(begun)
    return len(begun)


def _end(held: _Held, ended: Collection[Offer], at: datetime) -> None:
    _move(held, [each.receptionist_id for each in ended], Event.WITHDRAWN, at)
    rings.finish(ended, RingEnd.WITHDRAWN, at)


def _move(
    held: _Held, ids: Collection[int], event: Event, at: datetime, *, words: str = ""
) -> None:
    if ids:
        move(held.people, dict.fromkeys(ids, event), at, words=dict.fromkeys(ids, words))


def _ring_again(due: Plan, at: datetime) -> None:
    """Asks telephones again whose jobs may have died with their worker."""
    wanted = {each.id: turn_of(each, at) for each in due.again}
    turns: dict[int, list[Offer]] = {}
    for offer in Offer.objects.filter(pk__in=wanted, rung_at=None, state=OfferState.RINGING):
        turns.setdefault(wanted[offer.pk], []).append(offer)
    for turn, offers in turns.items():
        rings.ask_to_ring(offers, again=turn)


def _queue(job: Job, calls: Collection[DeskCall], **more: Any) -> None:
    enqueue_many(
        job,
        {
            f"{job.name}.{each.pk}": {
                "account_id": each.account_id,
                "desk_call_id": each.pk,
                **more,
            }
            for each in calls
        },
    )
