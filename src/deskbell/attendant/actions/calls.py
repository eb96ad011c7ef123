"""A call goes through the attendant: one decision, and all that it writes, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from deskbell.accounts.models import PhoneNumber
from deskbell.calls.actions import keep_recording
from deskbell.calls.models import Call
from deskbell.foundation.numbers import digits_of, for_people
from deskbell.messages.actions import Taken, take
from deskbell.platform.jobs import enqueue
from deskbell.rcml.write import to_xml

from ..configuration import configuration
from ..models import LiveCall, System
from ..queries import phones_on_call
from ..reception import ask_desk, tell_desk, waits_no_more
from ..rules import (
    CallState,
    Decision,
    DeskClosed,
    Entered,
    Event,
    Links,
    OnCallFound,
    Phase,
    ReceptionFound,
    Recorded,
    Resumed,
    Step,
    TakeMessage,
    decide,
)
from ..ways import Way, dialect_of, links_of
from .places import Place, enter, locked, move

# A gateway that was cut off brings its recordings when it is back; each needs its call's place.
KEPT_AFTER_END = timedelta(days=30)


def answer(*, system: System, call: Call, at: datetime, way: Way = Way.GATEWAY) -> str:
    """The first document of a call, as XML; the same again where the call already has one.

    `way` is who carries the call. Source: design, attendant API, "What a caller meets", 1.
    """
    with transaction.atomic():
        enter(system=system, call=call, way=way, state=CallState())
        place = locked(call.sid)
        return place.answer or _move(place, Entered(), at)


def join(*, system: System, call: Call, state: CallState) -> None:
    """Takes over a call that another engine already led to `state`; one that is here stays."""
    enter(system=system, call=call, way=Way.ENGINE, state=state)


def go_on(*, call_sid: str, step: int, event: Event, at: datetime) -> str:
    """The document, as XML, after `event` came of decision number `step`.

    A step that was already answered is given the latest document again, and nothing is written;
    so gateways may repeat. A line that broke off is back at whatever step; a recording that is
    not a message yet becomes one whatever its step.
    Raises NotFound for a call that never entered the attendant of the scope's account.
    """
    with transaction.atomic():
        place = locked(call_sid)
        taken = place.state.taken
        is_new_recording = isinstance(event, Recorded) and event.recording_sid not in taken
        is_late = step != place.state.step and not isinstance(event, Resumed)
        if is_late and not is_new_recording:
            return place.answer
        return _move(place, event, at)


def interrupt(*, call_sid: str, event: DeskClosed | Resumed, at: datetime) -> str:
    """The document, as XML, for a call that somebody else fetched out of what it did.

    A caller who does not wait at the desk any more gets the latest document again when it closes.
    Raises NotFound for a call that never entered the attendant of the scope's account.
    """
    with transaction.atomic():
        place = locked(call_sid)
        if isinstance(event, DeskClosed) and place.state.phase is not Phase.RECEPTION:
            return place.answer
        return _move(place, event, at)


def _move(place: Place, event: Event, at: datetime) -> str:
    """The document that answers `event`, and all that the decision wants written down."""
    known, links = configuration(place.system_id, place.version), _links(place)
    decision = decide(known, place.state, event, at, links)
    effects = decision.effects
    if decision.asks or decision.asks_desk:
        found = _found(place, decision, event, at)
        decision = decide(known, decision.state, found, at, links)
        effects += decision.effects
    xml = to_xml(decision.document, dialect_of(place.way))
    steps = [effect for effect in effects if isinstance(effect, Step)]
    move(place, state=decision.state, answer=xml, steps=steps, at=at)
    for effect in effects:
        if isinstance(effect, TakeMessage):
            _take_message(place, effect, at)
        elif not isinstance(effect, Step):
            tell_desk(effect, call_id=place.call_id, way=place.way, at=at)
    if place.state.phase is Phase.RECEPTION and decision.state.phase is Phase.VOICEMAIL:
        waits_no_more(call_id=place.call_id, at=at)
    return xml


def _found(
    place: Place, asking: Decision, event: Event, at: datetime
) -> OnCallFound | ReceptionFound:
    """What a decision asks: who is on call, or whether the desk takes the call."""
    if asking.asks_desk:
        is_back = isinstance(event, Resumed)
        return ask_desk(call_id=place.call_id, way=place.way, at=at, is_back=is_back)
    return OnCallFound(phones_on_call(asking.asks, at))


def _links(place: Place) -> Links:
    number = ""
    if place.way is Way.ENGINE:
        called = PhoneNumber.objects.filter(calls=place.call_id)
        number = called.values_list("sid", flat=True).first() or ""
    return links_of(place.way, account_id=place.account_id, number_sid=number)


def _take_message(place: Place, effect: TakeMessage, at: datetime) -> None:
    call = Call.objects.select_related("phone_number").get(pk=place.call_id)
    system = System.objects.only("name", "voicemail_level").get(pk=place.system_id)
    number = call.phone_number
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
        escalation_level_id=effect.level_id or system.voicemail_level_id,
        first_name=call.caller_name[:100],
        ivr=system.name[:64],
        origin="voicemail",
    )
    take(account_id=place.account_id, taken=taken, at=at)


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
