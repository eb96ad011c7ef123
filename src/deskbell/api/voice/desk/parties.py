"""Legs of those who are called into a call: whom it is passed on to, or whom a receptionist calls.

Who is on call has to press 1 before a caller is put through to them; who is asked for by number is
put through at once. Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from deskbell.attendant.ways import Way
from deskbell.desk.actions.parties import party_answered, party_ended
from deskbell.desk.addresses import base_of, party_named_by
from deskbell.desk.models import Party
from deskbell.desk.rules.hands import How
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.verbs import Document

from ..doors import both_doors
from ..requests import form_of
from . import documents
from .answers import key_of, no_content, said, turn_of
from .leaving import HAS_ENDED

View = Callable[[HttpRequest, Party, Way], HttpResponseBase]
GONE: Final = "The caller is not there any more."


def _for_carriers(view: View) -> tuple[Callable[..., HttpResponseBase], ...]:
    def act(request: HttpRequest, token: str, way: Way) -> HttpResponseBase:
        account_id, party_id = party_named_by(token)
        with account_scope(account_id):
            return view(request, _one(party_id), way)

    return both_doors(act, view)


def _one(party_id: int) -> Party:
    found = Party.objects.select_related("account", "desk_call").filter(pk=party_id).first()
    if found is None:
        raise NotFound("Nobody is called here any more")
    return found


def _answer(_request: HttpRequest, party: Party, way: Way) -> HttpResponse:
    """What somebody hears who answers: those in the call, or what to press for that."""
    return said(_asking(party, 1) if party.how == How.LIVE_PATCH else _joined(party, way), way)


def _keys(request: HttpRequest, party: Party, way: Way) -> HttpResponse:
    """1 takes the caller; anything else is asked again, and then the next one is called."""
    turn = turn_of(request, most=documents.ROUNDS)
    if key_of(request) == documents.TAKES:
        return said(_joined(party, way), way)
    return said(documents.nothing() if turn >= documents.ROUNDS else _asking(party, turn + 1), way)


def _status(request: HttpRequest, party: Party, _way: Way) -> HttpResponse:
    """How the leg ended; 204, also for what changes nothing."""
    form = form_of(request)
    status, sip_code = form.text("CallStatus"), form.text("SipResponseCode")
    if status in HAS_ENDED:
        party_ended(party_id=party.pk, status=status, sip_code=sip_code, at=clock.now())
    return no_content()


def _asking(party: Party, turn: int) -> Document:
    desk_call = party.desk_call
    caller = documents.caller_words(desk_call.caller_name, desk_call.caller_id)
    words = documents.patch_words(party.account.name, caller)
    return documents.asking([words], keys_url=f"keys?turn={turn}")


def _joined(party: Party, way: Way) -> Document:
    if not party_answered(party_id=party.pk, at=clock.now()):
        return documents.goodbye(GONE)
    left_url = f"{base_of(str(way))}/desk/left"
    return documents.joining(party.desk_call.room, left_url=left_url)


answer, hosted_answer = _for_carriers(_answer)
keys, hosted_keys = _for_carriers(_keys)
status, hosted_status = _for_carriers(_status)
