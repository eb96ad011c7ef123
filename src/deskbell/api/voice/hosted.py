"""What hosted carriers call: a call's first document, its steps and its end.

Their webhooks are of the TwiML family, so the fields are those of our own gateway. What differs:
who signs, ids that are no sids of ours, and recordings that stay with the carrier until a job
fetches them. Sources: https://www.twilio.com/docs/voice/twiml,
https://developer.signalwire.com/compatibility-api/cxml,
https://developers.telnyx.com/docs/voice/programmable-voice/texml-setup,
https://developers.telnyx.com/api-reference/callbacks/texml-call-ringing
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from deskbell.attendant import actions as attendant
from deskbell.attendant.rules import Event, Recorded
from deskbell.attendant.ways import Way
from deskbell.calls.models import Call
from deskbell.calls.queries import account_of
from deskbell.desk.addresses import sid_of_room
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.tenancy import account_scope

from ..errors import with_errors
from .calls import write_end
from .carriers import carrier_named, check_genuine, sid_of
from .requests import Form, check_size, form_of
from .steps import begin, document, event_of, number_called, whole

View = Callable[[HttpRequest, Way], HttpResponseBase]
_ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def _of_carrier(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Lets only POSTs in that a connected carrier signed: others get 405, 404, 413 or 403."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, carrier: str) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        check_size(request)
        way = carrier_named(carrier)
        check_genuine(request, way)
        return view(request, way)

    return csrf_exempt(with_errors(guarded))


@_of_carrier
def incoming(request: HttpRequest, carrier: Way) -> HttpResponse:
    """The first document of a carrier's call, in its dialect; 404 for a number nobody has."""
    form = form_of(request)
    number = number_called(form)
    return document(begin(number, form, sid=call_sid_of(form, carrier), way=carrier))


@_of_carrier
def step(request: HttpRequest, carrier: Way) -> HttpResponse:
    """The next document; a recording is fetched by a job that belongs to the step."""
    form = form_of(request)
    sid = call_sid_of(form, carrier)
    told = recording_id_of(form)
    recording = sid_of("RE", told, carrier) if told else ""
    event = event_of(request, form, recording_sid=recording)
    account_id = whole(request, "account")
    with account_scope(account_id), transaction.atomic():
        xml = attendant.go_on(call_sid=sid, step=whole(request, "n"), event=event, at=clock.now())
        fetch_what_was_recorded(event, form, account_id=account_id, call_sid=sid, way=carrier)
    return document(xml)


def fetch_what_was_recorded(
    event: Event, form: Form, *, account_id: int, call_sid: str, way: Way
) -> None:
    """Queues the fetching of a recording that stays with whoever carries the call, if any."""
    if isinstance(event, Recorded):
        attendant.fetch_recording(
            account_id=account_id,
            sid=event.recording_sid,
            call_sid=call_sid,
            url=form.text("RecordingUrl"),
            way=way,
        )


@_of_carrier
def recorded(request: HttpRequest, carrier: Way) -> HttpResponse:
    """A carrier has recorded a talk with a receptionist: a job fetches it as the caller's.

    The URL names the account and the room of the talk. 204, also for a room that is none.
    Source: https://www.twilio.com/docs/voice/twiml/conference#attributes-recording-status-callback
    """
    form = form_of(request)
    told, call_sid = recording_id_of(form), sid_of_room(request.GET.get("room", ""))
    with account_scope(whole(request, "account")), transaction.atomic():
        if told and Call.objects.filter(sid=call_sid).exists():
            fetch_what_was_recorded(
                Recorded(sid_of("RE", told, carrier), form.number("RecordingDuration")),
                form,
                account_id=whole(request, "account"),
                call_sid=call_sid,
                way=carrier,
            )
    return HttpResponse(status=204)


@_of_carrier
def status(request: HttpRequest, carrier: Way) -> HttpResponse:
    """A carrier's call ended: writes how, when and how long.

    204 also for what writes nothing: a call that goes on (Telnyx reports each of its states here),
    and one that we never had (the leg of a Dial).
    """
    form = form_of(request)
    sid = call_sid_of(form, carrier)
    if form.text("CallStatus") in _ENDED:
        with contextlib.suppress(NotFound), account_scope(account_of(sid)):
            write_end(sid, form)
    return HttpResponse(status=204)


def call_sid_of(form: Form, carrier: Way) -> str:
    """The sid under which we keep the call. Raises InvalidInput where the form names none."""
    return sid_of("CA", call_id_of(form), carrier)


def call_id_of(form: Form) -> str:
    """The call's id as its carrier says it. Raises InvalidInput where the form names none."""
    theirs = form.text("CallSid")
    if not theirs or len(theirs) > 256:
        raise InvalidInput("CallSid takes the call's id", field="CallSid")
    return theirs


def recording_id_of(form: Form) -> str:
    """The id of the recording that the form tells of; empty without one."""
    url = form.text("RecordingUrl")
    return (form.text("RecordingSid") or url) if url else ""
