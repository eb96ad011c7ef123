"""Calls of To Dos: what they say, and how they ended.

The token in the address names the account and the run, and is signed by us; the request is signed
by whoever carries the call. Source: design, portal API, "To Dos".
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from deskbell.attendant.ways import Way, dialect_of
from deskbell.delivery.transport import lasting_failure
from deskbell.delivery.transports.call.transport import ended
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.verbs import Document
from deskbell.rcml.write import to_xml
from deskbell.todos import actions, documents, queries
from deskbell.todos.carrying.calls import named_by
from deskbell.todos.models import Run

from .calls_out import keep_record
from .doors import both_doors
from .requests import form_of
from .steps import document

View = Callable[[HttpRequest, Run, Way], HttpResponseBase]
Gone = Callable[[Way], HttpResponseBase]
_PERSON = "Answered by a person, and heard"
_MACHINE = "Voicemail answered, and it was left there"
_FAX = "A fax machine answered, and was told nothing"
_LONGEST_ROUND = 2


def _for_carriers(view: View, gone: Gone) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The view for our gateways, and for hosted carriers: POST only, signed, the token ours.

    `gone` answers for a run whose To Do was deleted meanwhile.
    """

    def act(request: HttpRequest, token: str, way: Way) -> HttpResponseBase:
        account_id, run_id = named_by(token)
        with account_scope(account_id):
            try:
                run = queries.run_of(run_id)
            except NotFound:
                return gone(way)
            return view(request, run, way)

    return both_doors(act, view)


def _speak(request: HttpRequest, run: Run, way: Way) -> HttpResponse:
    """What whoever answered hears: a person and a machine the instructions, a fax nothing."""
    form = form_of(request)
    answered_by, sid, at = form.text("AnsweredBy"), form.text("CallSid"), clock.now()
    if answered_by == "fax":
        actions.report(run, lasting_failure(_FAX), at=at, provider_id=sid)
        return _said(documents.nothing(), way)
    name, instructions = run.to_do.account.name, run.to_do.instructions or ""
    if answered_by.startswith("machine"):
        actions.heard(run, _MACHINE, at=at, provider_id=sid)
        return _said(documents.left_with_machine(name, instructions), way)
    actions.heard(run, _PERSON, at=at, provider_id=sid)
    return _said(documents.spoken(name, instructions, keys_url=_keys_url(1)), way)


def _keys(request: HttpRequest, run: Run, way: Way) -> HttpResponse:
    """Says all of it again for key 1, some times; for anything else goodbye."""
    text, turn = form_of(request).text("Digits"), _turn(request)
    if text != documents.AGAIN or turn >= documents.ROUNDS:
        return _said(documents.goodbye(), way)
    name, instructions = run.to_do.account.name, run.to_do.instructions or ""
    return _said(documents.spoken(name, instructions, keys_url=_keys_url(turn + 1)), way)


def _status(request: HttpRequest, run: Run, way: Way) -> HttpResponse:
    """How the call ended, which its record says as well; 204, also for what changes nothing."""
    form = form_of(request)
    outcome = ended(
        form.text("CallStatus"),
        answered_by=form.text("AnsweredBy"),
        sip_code=form.text("SipResponseCode"),
    )
    if outcome is not None:
        actions.report(run, outcome, at=clock.now(), provider_id=form.text("CallSid"))
    keep_record(form, way, run.to_do.account)
    return HttpResponse(status=204)


def _turn(request: HttpRequest) -> int:
    text = request.GET.get("turn", "")
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_ROUND else documents.ROUNDS


def _keys_url(turn: int) -> str:
    """Beside the document that is read."""
    return f"keys?turn={turn}"


def _said(what: Document, way: Way) -> HttpResponse:
    return document(to_xml(what, dialect_of(way)))


def _nothing(way: Way) -> HttpResponse:
    return _said(documents.nothing(), way)


def _no_content(_way: Way) -> HttpResponse:
    return HttpResponse(status=204)


speak, hosted_speak = _for_carriers(_speak, _nothing)
keys, hosted_keys = _for_carriers(_keys, _nothing)
status, hosted_status = _for_carriers(_status, _no_content)
