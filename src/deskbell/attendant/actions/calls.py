"""A call goes through the attendant: one decision, and all that it writes, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from deskbell.calls.actions import keep_recording
from deskbell.calls.models import Call
from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import digits_of, for_people
from deskbell.messages.actions import Taken, take
from deskbell.rcml.write import to_xml

from ..models import CallStep, LiveCall, System
from ..queries import configuration_for
from ..rules import (
    CallState,
    Decision,
    Entered,
    Event,
    GatewayLinks,
    Recorded,
    Step,
    TakeMessage,
    decide,
)

# A gateway that was cut off brings its recordings when it is back; each needs its call's place.
KEPT_AFTER_END = timedelta(days=30)


def answer(*, system: System, call: Call, at: datetime) -> str:
    """The first document of a call, as XML; the same again where the call already has one.

    Source: design, attendant API, "What a caller meets", 1.
    """
    with transaction.atomic():
        fresh = LiveCall(account_id=call.account_id, call=call, system=system)
        LiveCall.objects.bulk_create([fresh], ignore_conflicts=True)
        live = _locked(call.sid)
        return live.answer or _move(live, Entered(), at)


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
    links = GatewayLinks(settings.ENVIRONMENT.web_url, live.account_id)
    state = CallState.from_json(live.state)
    decision = decide(configuration_for(live.system), state, event, at, links)
    _write_steps(live, decision, at)
    for effect in decision.effects:
        if isinstance(effect, TakeMessage):
            _take_message(live, effect, at)
    live.state = decision.state.to_json()
    live.answer = to_xml(decision.document)
    live.save(update_fields=["state", "answer"])
    return live.answer


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
