"""A call's requests: its first document, its steps, its end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from deskbell.accounts.queries import number_for
from deskbell.attendant import actions as attendant
from deskbell.attendant.queries import system_for
from deskbell.attendant.rules import (
    Event,
    KeyPressed,
    NothingPressed,
    Recorded,
    RecordingSilent,
)
from deskbell.calls import actions as calls
from deskbell.calls.queries import account_of
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.foundation.sids import is_sid
from deskbell.platform.tenancy import account_scope, system_scope

from .requests import Form, form_of, signed


def _document(xml: str) -> HttpResponse:
    return HttpResponse(xml, content_type="text/xml; charset=utf-8")


@signed("POST")
def incoming(request: HttpRequest) -> HttpResponse:
    """The first document of a call; 404 for a number that nobody has or that leads nowhere.

    Asked twice for one call it answers the same. Writes the call and its first step.
    """
    form = form_of(request)
    sid = form.sid("CallSid", "CA")
    dialled = form.text("To")
    with system_scope("who is called decides whose call it is"):
        number = number_for(dialled) if dialled else None
    if number is None:
        raise NotFound(f"Nobody here has the number {dialled[:64]!r}")
    at = clock.now()
    with account_scope(number.account_id):
        system = system_for(number)
        if system is None:
            raise NotFound(f"The number {dialled[:64]!r} leads nowhere")
        call = calls.begin(
            account_id=number.account_id,
            sid=sid,
            number=number,
            caller_id=form.text("From"),
            caller_name=form.text("CallerName"),
            dialled=dialled,
            at=at,
        )
        return _document(attendant.answer(system=system, call=call, at=at))


@signed("POST")
def step(request: HttpRequest) -> HttpResponse:
    """The next document after a key, silence, or a recording: the action URL of every document.

    The URL names the account (`account`) and the decision that is answered (`n`); so a repeated
    request gets the same document and changes nothing.
    """
    form = form_of(request)
    sid = form.sid("CallSid", "CA")
    with account_scope(_whole(request, "account")):
        xml = attendant.go_on(
            call_sid=sid, step=_whole(request, "n"), event=_event(request, form), at=clock.now()
        )
    return _document(xml)


def _whole(request: HttpRequest, name: str) -> int:
    found = request.GET.get(name, "")
    if not (found.isascii() and found.isdigit() and len(found) < 16):
        raise InvalidInput(f"{name} takes a whole number; not {found[:64]!r}", field=name)
    return int(found)


def _event(request: HttpRequest, form: Form) -> Event:
    if request.GET.get("Empty"):
        return NothingPressed()
    if "RecordingSid" in form or "RecordingUrl" in form:
        recording_sid = form.text("RecordingSid") or form.text("RecordingUrl").rpartition("/")[2]
        if not is_sid(recording_sid, "RE"):
            raise InvalidInput("RecordingSid takes RE and 32 hex digits", field="RecordingSid")
        return Recorded(recording_sid, form.number("RecordingDuration"))
    keys = form.text("Digits")
    if keys == "hangup":
        return RecordingSilent()
    return KeyPressed(keys) if keys else NothingPressed()


@signed("POST")
def status(request: HttpRequest) -> HttpResponse:
    """A call ended: writes how, when, how long and how well.

    404 for a call that was completed and that we never had; 204 for one that never came to be,
    because we keep nothing of calls that we refuse.
    """
    form = form_of(request)
    sid = form.sid("CallSid", "CA")
    try:
        account_id = account_of(sid)
    except NotFound:
        if form.text("CallStatus") in _NEVER_CAME_TO_BE:
            return HttpResponse(status=204)
        raise
    with account_scope(account_id):
        calls.end(
            sid=sid,
            status=form.text("CallStatus"),
            at=form.moment("Timestamp", otherwise=clock.now()),
            seconds=round(form.number("CallDuration")),
            who=form.text("HangupBy"),
            quality=_quality(form),
        )
    return HttpResponse(status=204)


_NEVER_CAME_TO_BE = {"failed", "busy", "no-answer", "canceled"}


def _quality(form: Form) -> dict[str, float]:
    names = {
        "RtpPacketsReceived": "packets_received",
        "RtpPacketsLost": "packets_lost",
        "RtpJitterMs": "jitter_ms",
    }
    return {ours: form.number(theirs) for theirs, ours in names.items() if form.text(theirs)}
