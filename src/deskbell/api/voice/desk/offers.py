"""Receptionists' legs: who answers first has the caller, and how each leg ends.

A staff phone takes a call by answering it; an ordinary number has to press 1, since its voicemail
box would answer too. Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from deskbell.attendant.ways import Way
from deskbell.desk import actions
from deskbell.desk.addresses import base_of, offer_named_by, ringing_url, rings
from deskbell.desk.models import DeskCall, DeskCallKind, Offer, OfferState
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.verbs import Document

from ..doors import both_doors
from ..requests import form_of
from . import documents
from .answers import key_of, no_content, said, turn_of
from .leaving import HAS_ENDED, was_hung_up

View = Callable[[HttpRequest, Offer, Way], HttpResponseBase]
TAKEN: Final = "Somebody else has the call, or the caller has hung up."


def _for_carriers(view: View) -> tuple[Callable[..., HttpResponseBase], ...]:
    def act(request: HttpRequest, token: str, way: Way) -> HttpResponseBase:
        account_id, offer_id = offer_named_by(token)
        with account_scope(account_id):
            return view(request, _one(offer_id), way)

    return both_doors(act, view)


def _one(offer_id: int) -> Offer:
    rows = Offer.objects.select_related("account", "receptionist", "desk_call")
    found = rows.filter(pk=offer_id).first()
    if found is None:
        raise NotFound("There is no such ring any more")
    return found


def _answer(_request: HttpRequest, offer: Offer, way: Way) -> HttpResponse:
    """What a receptionist hears who answers: the caller, or what to press for that."""
    _, is_number = rings(offer.receptionist)
    return said(_asking(offer, 1) if is_number else _taken(offer, way), way)


def _keys(request: HttpRequest, offer: Offer, way: Way) -> HttpResponse:
    """1 takes the call; anything else is asked again, and then let go."""
    turn = turn_of(request, most=documents.ROUNDS)
    if key_of(request) == documents.TAKES:
        return said(_taken(offer, way), way)
    if turn >= documents.ROUNDS or offer.state != OfferState.RINGING:
        return said(documents.nothing(), way)
    return said(_asking(offer, turn + 1), way)


def _status(request: HttpRequest, offer: Offer, _way: Way) -> HttpResponse:
    """How the leg ended; 204, also for what changes nothing."""
    form = form_of(request)
    status = form.text("CallStatus")
    if status not in HAS_ENDED:
        return no_content()
    at = clock.now()
    if offer.state == OfferState.ANSWERED:
        actions.leg_ended(offer_id=offer.pk, was_hung_up=was_hung_up(form), at=at)
    elif offer.state == OfferState.RINGING:  # what was withdrawn ends without more
        sip_code = form.text("SipResponseCode")
        actions.ring_ended(offer_id=offer.pk, status=status, sip_code=sip_code, at=at)
    return no_content()


def _asking(offer: Offer, turn: int) -> Document:
    to = _called_by(offer.desk_call)
    words = documents.offer_words(offer.account.name, to=to)
    return documents.asking([words], keys_url=f"keys?turn={turn}")


def _taken(offer: Offer, way: Way) -> Document:
    desk_call = actions.take_offer(offer_id=offer.pk, at=clock.now())
    if desk_call is None:
        return documents.goodbye(TAKEN)
    base = base_of(str(way))
    waits = ringing_url(offer.account_id, base) if _called_by(desk_call) else None
    return documents.joining(desk_call.room, left_url=f"{base}/desk/left", wait_url=waits)


def _called_by(desk_call: DeskCall) -> str:
    """Whom a receptionist's own call is to; empty for a caller's."""
    is_own = desk_call.kind == DeskCallKind.OUTGOING
    return (desk_call.caller_id or "somebody") if is_own else ""


answer, hosted_answer = _for_carriers(_answer)
keys, hosted_keys = _for_carriers(_keys)
status, hosted_status = _for_carriers(_status)
