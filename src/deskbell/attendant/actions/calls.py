"""A call goes through the attendant: one decision, and all that it writes, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from deskbell.calls.actions import keep_recording
from deskbell.calls.models import Call
from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import digits_of, for_people
from deskbell.messages.actions import Taken, take
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import on_call
from deskbell.platform.jobs import enqueue
from deskbell.rcml.write import to_xml

from ..models import CallStep, LiveCall, System
from ..queries import configuration_for
from ..rules import (
    CallState,
    Decision,
    Entered,
    Event,
    OnCallFound,
    Recorded,
    Step,
    TakeMessage,
    decide,
)
from ..ways import Way, dialect_of, links_of

PHONE = "call"  # the kind of delivery method that rings a phone
# A gateway that was cut off brings its recordings when it is back; each needs its call's place.
KEPT_AFTER_END = timedelta(days=30)


def answer(*, system: System, call: Call, at: datetime, way: Way = Way.GATEWAY) -> str:
    """The first document of a call, as XML; the same again where the call already has one.

    `way` is who carries the call. Source: design, attendant API, "What a caller meets", 1.
    """
    with transaction.atomic():
        fresh = LiveCall(account_id=call.account_id, call=call, system=system, through=way)
        LiveCall.objects.bulk_create([fresh], ignore_conflicts=True)
        live = _locked(call.sid)
        return live.answer or _move(live, Entered(), at)


def join(*, system: System, call: Call, state: CallState) -> None:
    """Takes over a call that another engine already led to `state`; one that is here stays."""
    fresh = LiveCall(
        account_id=call.account_id,
        call=call,
        system=system,
        through=Way.ENGINE,
        state=state.to_json(),
    )
    LiveCall.objects.bulk_create([fresh], ignore_conflicts=True)


def go_on(*, call_sid: str, step: int, event: Event, at: datetime) -> str:
    """The document, as XML, after `event` came of decision number `step`.

    A step that was already answered is given the latest document again, and nothing is written;
    so gateways may repeat. A recording that is not a message yet becomes one whatever its step.
    Raises NotFound for a call that never entered the attendant of the scope's account.
    """
    with transaction.atomic():
        live = _locked(call_sid)
        state = CallState.from_json(live.state)
        is_new_recording = isinstance(event, Recorded) and event.recording_sid not in state.taken
        if step != state.step and not is_new_recording:
            return live.answer
        return _move(live, event, at)


def _locked(call_sid: str) -> LiveCall:
    rows = LiveCall.objects.select_for_update(of=("self",))
    live = rows.select_related("call__phone_number", "system").filter(call__sid=call_sid).first()
    if live is None:
        raise NotFound(f"There is no call {call_sid} in an attendant")
    return live


def _move(live: LiveCall, event: Event, at: datetime) -> str:
    decision = _decided(live, event, at)
    if decision.asks:
        decision = _decided(live, OnCallFound(_phones_on_call(decision.asks, at)), at)
    live.answer = to_xml(decision.document, dialect_of(Way(live.through)))
    live.save(update_fields=["state", "answer"])
    return live.answer


def _decided(live: LiveCall, event: Event, at: datetime) -> Decision:
    """One decision, with all that it wants written down but its document."""
    number = live.call.phone_number
    links = links_of(
        Way(live.through), account_id=live.account_id, number_sid=number.sid if number else ""
    )
    state = CallState.from_json(live.state)
    decision = decide(configuration_for(live.system), state, event, at, links)
    _write_steps(live, decision, at)
    for effect in decision.effects:
        if isinstance(effect, TakeMessage):
            _take_message(live, effect, at)
    live.state = decision.state.to_json()
    return decision


def _phones_on_call(level_id: int, at: datetime) -> tuple[str, ...]:
    """The phones of those on call on a level; none where the level is gone."""
    level = EscalationLevel.objects.filter(pk=level_id).first()
    methods = on_call(level, at) if level else []
    return tuple(method.address for method in methods if method.kind == PHONE)


def _write_steps(live: LiveCall, decision: Decision, at: datetime) -> None:
    CallStep.objects.bulk_create(
        CallStep(
            account_id=live.account_id,
            call=live.call,
            menu_id=effect.menu_id or None,
            at=at,
            key=effect.key[:16],
            result=effect.result,
        )
        for effect in decision.effects
        if isinstance(effect, Step)
    )


def _take_message(live: LiveCall, effect: TakeMessage, at: datetime) -> None:
    call, number = live.call, live.call.phone_number
    recording = keep_recording(
        sid=effect.recording_sid, call_sid=call.sid, wav=None, seconds=effect.seconds, at=at
    )
    length = _length(recording.seconds)
    is_known = bool(digits_of(call.caller_id))
    caller = for_people(call.caller_id) if is_known else "an unknown caller"
    dialled = number.number if number else call.number_dialed
    taken = Taken(
        content=f"Voice message, {length}, from {caller}",
        answers={
            "caller_id": for_people(call.caller_id) if is_known else "unknown",
            "number_dialed": for_people(dialled),
            "length": length,
        },
        call=call,
        recording=recording,
        number=number,
        escalation_level_id=effect.level_id or live.system.voicemail_level_id,
        first_name=call.caller_name[:100],
        ivr=live.system.name[:64],
        origin="voicemail",
    )
    take(account_id=live.account_id, taken=taken, at=at)


def _length(seconds: float) -> str:
    whole = max(1, round(seconds))
    return "1 second" if whole == 1 else f"{whole} seconds"


def forget_ended(*, at: datetime) -> int:
    """Drops where calls stood that ended 30 days ago or more; their steps stay. Gives how many."""
    ended = LiveCall.objects.filter(call__ended_at__lte=at - KEPT_AFTER_END)
    return ended.delete()[0]


def fetch_recording(*, account_id: int, sid: str, call_sid: str, url: str, way: Way) -> None:
    """Queues, in the open transaction, a job that fetches a recording from whoever keeps it."""
    from ..jobs import fetch_recording as job

    enqueue(
        job,
        key=f"attendant.fetch_recording:{sid}",
        account_id=account_id,
        sid=sid,
        call_sid=call_sid,
        url=url,
        way=str(way),
    )
