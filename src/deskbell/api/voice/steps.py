"""What the requests of gateways, carriers and engines have in common: whose call it is, what
happened in it, and the answer."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from deskbell.accounts.models import PhoneNumber
from deskbell.accounts.queries import number_for
from deskbell.attendant import actions as attendant
from deskbell.attendant.queries import system_for
from deskbell.attendant.rules import (
    DialEnded,
    Event,
    KeyPressed,
    NothingPressed,
    Recorded,
    RecordingSilent,
    Resumed,
    Spoken,
)
from deskbell.attendant.ways import Way, dialect_of
from deskbell.calls import actions as calls
from deskbell.calls.queries import block_of
from deskbell.desk.addresses import gateway_told
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.rcml.verbs import Document, Reject
from deskbell.rcml.write import to_xml

from .requests import Form


def document(xml: str) -> HttpResponse:
    """A document as the answer."""
    return HttpResponse(xml, content_type="text/xml; charset=utf-8")


def number_called(form: Form) -> PhoneNumber:
    """The number in the form's To, whoever's it is. Raises NotFound."""
    dialled = form.text("To")
    with system_scope("who is called decides whose call it is"):
        number = number_for(dialled) if dialled else None
    if number is None:
        raise NotFound(f"Nobody here has the number {dialled[:64]!r}")
    return number


def begin(number: PhoneNumber, form: Form, *, sid: str, way: Way) -> str:
    """The first document of a call, as XML; writes the call and its first step, once.

    A caller whom the account refuses is not answered, and nothing is written. A call whose line
    broke off, and that is back, goes on where it was. Raises NotFound for a number that leads
    nowhere.
    """
    at = clock.now()
    with account_scope(number.account_id), transaction.atomic():
        if _is_refused(number.account_id, form.text("From")):
            return to_xml(Document((Reject(),)), dialect_of(way))
        system = system_for(number)
        if system is None:
            raise NotFound(f"The number {form.text('To')[:64]!r} leads nowhere")
        call = calls.begin(
            account_id=number.account_id,
            sid=sid,
            number=number,
            caller_id=form.text("From"),
            caller_name=form.text("CallerName"),
            dialled=form.text("To"),
            at=at,
            gateway=gateway_told(form.text("GatewayUrl")),
        )
        xml = attendant.answer(system=system, call=call, at=at, way=way)
        if form.text("Resumed"):
            return attendant.interrupt(call_sid=sid, event=Resumed(), at=at)
        return xml


def _is_refused(account_id: int, caller_id: str) -> bool:
    block = block_of(account_id, caller_id)
    return block is not None and block.is_refused


def event_of(request: HttpRequest, form: Form, *, recording_sid: str) -> Event:
    """What happened, as the parameters of RCML and TwiML say it; one where they say nothing.

    Source: design, RCML reference, sections 3, 6 and 7.
    """
    if request.GET.get("Resumed") or request.GET.get("Empty"):
        return Resumed() if request.GET.get("Resumed") else NothingPressed()
    if "DialCallStatus" in form:
        return DialEnded(form.text("DialCallStatus"))
    if recording_sid:
        seconds = form.number("RecordingDuration")
        # A carrier reports an empty recording as one of 0 seconds, where our gateway reports none.
        is_empty = "RecordingDuration" in form and not seconds
        return RecordingSilent() if is_empty else Recorded(recording_sid, seconds)
    keys, said = form.text("Digits"), form.text("SpeechResult")
    if keys == "hangup":
        return RecordingSilent()
    if said and not keys:
        return _spoken(form, said)
    return KeyPressed(keys) if keys else NothingPressed()


def _spoken(form: Form, said: str) -> Spoken:
    """What was heard, how surely, and what else it may have been where the engine says so."""
    sure = form.number("Confidence") if form.text("Confidence") else 1.0
    others = (each.strip() for each in form.text("SpeechAlternatives").split(","))
    return Spoken(said, sure, tuple(each for each in others if each))


def whole(request: HttpRequest, name: str) -> int:
    """A parameter of the URL that is a whole number. Raises InvalidInput."""
    found = request.GET.get(name, "")
    if not (found.isascii() and found.isdigit() and len(found) < 16):
        raise InvalidInput(f"{name} takes a whole number; not {found[:64]!r}", field=name)
    return int(found)
