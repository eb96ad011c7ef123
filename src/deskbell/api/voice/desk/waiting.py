"""Callers' own legs: what they hear while they wait or are held, and where they go from there.

A caller who waits asks every round, so the waiting document costs three queries and no more.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from deskbell.attendant import actions as attendant
from deskbell.attendant.rules import DeskClosed, Resumed, Sentence
from deskbell.attendant.rules.sentences import MUSIC, RINGING
from deskbell.attendant.ways import Way
from deskbell.desk.addresses import base_of, hold_url, ringing_url, wait_url
from deskbell.desk.models import DeskCall, DeskCallKind, DeskCallState
from deskbell.desk.queries import position
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import account_scope

from ..doors import both_ways
from ..requests import form_of
from ..steps import document, whole
from . import callbacks, documents
from .answers import call_of, said, tone


def _wait(request: HttpRequest, way: Way) -> HttpResponse:
    """One round of a caller who waits: the place in line, then music."""
    account_id = whole(request, "account")
    call_sid = call_of(form_of(request), way)
    with account_scope(account_id):
        waiting = DeskCall.objects.filter(call_sid=call_sid, state=DeskCallState.WAITING).first()
        place = position(waiting) if waiting is not None else 0
    sounds = tone(MUSIC, way, account_id=account_id, place=place)
    return said(documents.waiting(sounds, again=_again(wait_url, way, account_id)), way)


def _hold(request: HttpRequest, way: Way) -> HttpResponse:
    """One round of music for a leg on hold."""
    account_id = whole(request, "account")
    sounds = tone(MUSIC, way, account_id=account_id)
    return said(documents.waiting(sounds, again=_again(hold_url, way, account_id)), way)


def _ringing(request: HttpRequest, way: Way) -> HttpResponse:
    """What a receptionist hears while whom they call is rung."""
    account_id = whole(request, "account")
    sounds = tone(RINGING, way, account_id=account_id)
    return said(documents.waiting(sounds, again=_again(ringing_url, way, account_id)), way)


def _closed(request: HttpRequest, way: Way) -> HttpResponse:
    """Nobody takes the caller: voicemail; somebody whom we had called is told so."""
    account_id, call_sid = whole(request, "account"), call_of(form_of(request), way)
    with account_scope(account_id):
        if called := _callback(call_sid):
            return said(callbacks.nobody_free(called, way), way)
        xml = attendant.interrupt(call_sid=call_sid, event=DeskClosed(), at=clock.now())
    return document(xml)


def _back(request: HttpRequest, way: Way) -> HttpResponse:
    """The caller waits again, after an apology."""
    account_id, call_sid = whole(request, "account"), call_of(form_of(request), way)
    with account_scope(account_id):
        try:
            xml = attendant.interrupt(call_sid=call_sid, event=Resumed(), at=clock.now())
        except NotFound:
            return _back_without_attendant(call_sid, way)
    return document(xml)


def _back_without_attendant(call_sid: str, way: Way) -> HttpResponse:
    """Of a call that we made ourselves: who was called waits on. Raises NotFound."""
    desk_call = DeskCall.objects.filter(call_sid=call_sid).first()
    if desk_call is None:
        raise NotFound(f"No call {call_sid} is at the desk")
    return said(callbacks.waiting(desk_call, way, before=Sentence.BROKE_OFF), way)


def _callback(call_sid: str) -> DeskCall | None:
    """The call at the desk where it is one that we had made to tell of a message."""
    rows = DeskCall.objects.filter(call_sid=call_sid, kind=DeskCallKind.CALLBACK)
    return rows.select_related("account").first()


def _again(url_of: Callable[[int, str], str], way: Way, account_id: int) -> str:
    """Our gateway asks again by itself; of carriers we make sure of it."""
    return "" if way is Way.GATEWAY else url_of(account_id, base_of(str(way)))


wait, hosted_wait = both_ways(_wait)
hold, hosted_hold = both_ways(_hold)
ringing, hosted_ringing = both_ways(_ringing)
closed, hosted_closed = both_ways(_closed)
back, hosted_back = both_ways(_back)
