"""A call's requests: its first document, its steps, its end."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from deskbell.attendant import actions as attendant
from deskbell.attendant.ways import Way
from deskbell.calls import actions as calls
from deskbell.calls.queries import account_of
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.foundation.sids import is_sid
from deskbell.lines.rules import gateway_sid
from deskbell.platform.tenancy import account_scope

from .phones import from_phone
from .requests import Form, form_of, signed
from .steps import begin, document, event_of, number_called, whole

ACCOUNT: Final = "X-Deskbell-Account"


@signed("POST")
def incoming(request: HttpRequest) -> HttpResponse:
    """The first document of a call; 404 for a number that nobody has or that leads nowhere.

    A call of one of our phones goes where it dials, 403 where its account may not call that. The
    header X-Deskbell-Account names who pays. Asked twice for one call it answers the same. Writes
    the call and its first step.
    """
    form = form_of(request)
    sid = form.sid("CallSid", "CA")
    if form.text("Phone"):
        account, xml = from_phone(form, sid=sid)
    else:
        number = number_called(form)
        account, xml = number.account, begin(number, form, sid=sid, way=Way.GATEWAY)
    answer = document(xml)
    answer[ACCOUNT] = gateway_sid(account.sid)
    return answer


@signed("POST")
def step(request: HttpRequest) -> HttpResponse:
    """The next document after a key, silence, or a recording: the action URL of every document.

    The URL names the account (`account`) and the decision that is answered (`n`); so a repeated
    request gets the same document and changes nothing.
    """
    form = form_of(request)
    sid = form.sid("CallSid", "CA")
    event = event_of(request, form, recording_sid=recording_sid_of(form))
    with account_scope(whole(request, "account")):
        xml = attendant.go_on(call_sid=sid, step=whole(request, "n"), event=event, at=clock.now())
    return document(xml)


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
        write_end(sid, form)
    return HttpResponse(status=204)


def write_end(sid: str, form: Form) -> None:
    """Writes what a status report says of the end of a call. Needs its account's scope."""
    calls.end(
        sid=sid,
        status=form.text("CallStatus"),
        at=form.moment("Timestamp", otherwise=clock.now()),
        seconds=round(form.number("CallDuration")),
        who=form.text("HangupBy"),
        quality=_quality(form),
    )


def recording_sid_of(form: Form) -> str:
    """The sid of the recording that the gateway reports, empty where it reports none."""
    if "RecordingSid" not in form and "RecordingUrl" not in form:
        return ""
    found = form.text("RecordingSid") or form.text("RecordingUrl").rpartition("/")[2]
    if not is_sid(found, "RE"):
        raise InvalidInput("RecordingSid takes RE and 32 hex digits", field="RecordingSid")
    return found


_NEVER_CAME_TO_BE = {"failed", "busy", "no-answer", "canceled"}


def _quality(form: Form) -> dict[str, float]:
    names = {
        "RtpPacketsReceived": "packets_received",
        "RtpPacketsLost": "packets_lost",
        "RtpJitterMs": "jitter_ms",
    }
    return {ours: form.number(theirs) for theirs, ours in names.items() if form.text(theirs)}
