"""Calls that deliver messages: what they say, what the keys do, and how they ended.

The token in the address names the account and the delivery, and is signed by us; the request is
signed by whoever carries the call. Source: design, on call, "Escalation" (call delivery).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from deskbell.attendant.ways import Way, dialect_of
from deskbell.delivery import actions, queries, replies
from deskbell.delivery.models import Delivery
from deskbell.delivery.transport import Meaning, Outcome, Parcel, delivered, unanswered
from deskbell.delivery.transports.call import documents
from deskbell.delivery.transports.call.replies import read
from deskbell.delivery.transports.call.transport import ended, named_by
from deskbell.foundation import clock
from deskbell.messages.models import MessageStatus
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.verbs import Document
from deskbell.rcml.write import to_xml

from .calls_out import keep_record
from .desk import callbacks
from .doors import both_doors
from .parcels import parcel_of
from .requests import Form, form_of
from .steps import document

View = Callable[[HttpRequest, Delivery, str], HttpResponseBase]
NO_KEY: Final = "That is none of the keys."
_LONGEST_ROUND: Final = 2


def _for_carriers(view: View) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The view for our gateways, and for hosted carriers: POST only, signed, the token ours."""

    def act(request: HttpRequest, token: str, way: Way) -> HttpResponseBase:
        account_id, delivery_id = named_by(token)
        with account_scope(account_id):
            return view(request, queries.one(delivery_id), way)

    return both_doors(act, view)


def _message(request: HttpRequest, delivery: Delivery, way: str) -> HttpResponse:
    """What whoever answered hears: a person the message and the keys, a machine what its
    instructions allow, a fax nothing; nobody anything, once somebody has the message."""
    form, parcel = form_of(request), parcel_of(delivery)
    if by := _over_by(delivery):
        _report(delivery, form, delivered(f"Answered, and told that {by} has it"))
        return _said(documents.goodbye(f"{by} has it already."), way)
    if form.text("AnsweredBy") == "fax":
        _report(delivery, form, unanswered("A fax machine answered, and was told nothing"))
        return _said(documents.nothing(), way)
    if documents.is_for_machines(parcel) or form.text("AnsweredBy").startswith("machine"):
        left = documents.left_with_machine(parcel)
        _report(delivery, form, delivered(left.words))
        return _said(left.document, way)
    return _said(documents.message_document(parcel, keys_url=_keys_url(1)), way)


def _keys(request: HttpRequest, delivery: Delivery, way: str) -> HttpResponse:
    """Does what a key says, and says what it did; silence repeats the message, three times."""
    form, parcel = form_of(request), parcel_of(delivery)
    text = form.text("Digits")
    reply, turn = read(text), _turn(request)
    if not text:
        return _silence(delivery, parcel, form, turn, way)
    if reply.meaning in {Meaning.ACKNOWLEDGE, Meaning.NEXT_LEVEL}:
        words = _answered(delivery, reply.meaning)
        _report(delivery, form, delivered(f"Answered, and pressed {text}: {words}"))
        return _said(documents.goodbye(words), way)
    _report(delivery, form, delivered("Answered by a person"))
    if by := _over_by(delivery):
        return _said(documents.goodbye(f"{by} has it already."), way)
    if reply.meaning == Meaning.HEAR_AGAIN:
        return _said(documents.message_document(parcel, keys_url=_keys_url(1)), way)
    if reply.meaning == Meaning.RECEPTIONIST:
        waiting = callbacks.join(delivery, form, Way(way))
        if waiting is not None:
            return _said(waiting, way)
    before = callbacks.NOBODY_FREE if reply.meaning == Meaning.RECEPTIONIST else NO_KEY
    following = documents.keys_document(parcel, keys_url=_keys_url(turn), before=before)
    return _said(following, way)


def _silence(delivery: Delivery, parcel: Parcel, form: Form, turn: int, way: str) -> HttpResponse:
    _report(delivery, form, delivered("Answered and heard; no key was pressed"))
    if by := _over_by(delivery):
        return _said(documents.goodbye(f"{by} has it already."), way)
    if turn >= documents.ROUNDS:
        return _said(documents.goodbye("No key was pressed."), way)
    again = documents.message_document(parcel, keys_url=_keys_url(turn + 1), before="Once more.")
    return _said(again, way)


def _status(request: HttpRequest, delivery: Delivery, way: str) -> HttpResponse:
    """How the call ended, which its record says as well; 204, also for what changes nothing."""
    form = form_of(request)
    outcome = ended(
        form.text("CallStatus"),
        answered_by=form.text("AnsweredBy"),
        sip_code=form.text("SipResponseCode"),
    )
    if outcome is not None:
        _report(delivery, form, outcome)
    keep_record(form, Way(way), delivery.account, about=delivery.message.call_id)
    return HttpResponse(status=204)


def _answered(delivery: Delivery, meaning: Meaning) -> str:
    """Acknowledges or passes on, all that came together; what happened, in words."""
    together = replies.open_in_bundle(delivery)
    others = [each for each in together if each.message_id != delivery.message_id]
    at, address = clock.now(), delivery.address
    words = ""
    for each in [*others, delivery]:
        words = replies.answer(
            delivery=each,
            reply=read("1" if meaning == Meaning.ACKNOWLEDGE else "3"),
            at=at,
            through="call",
            address=address,
        )
    by = _taken_by(delivery)
    if meaning == Meaning.ACKNOWLEDGE and by == delivery.contact_name:
        what = f"all {len(others) + 1} messages" if others else "it"
        return f"{by} acknowledges {what}. {words}"
    return words


def _taken_by(delivery: Delivery) -> str:
    """Who has acknowledged the message and all that came with it; empty while one waits."""
    delivery.message.refresh_from_db()
    if delivery.message.status != MessageStatus.ACKNOWLEDGED or replies.open_in_bundle(delivery):
        return ""
    return delivery.message.acknowledged_by


def _over_by(delivery: Delivery) -> str:
    """Who has what this call was made for; empty while it is to be told, as what was forwarded."""
    by = _taken_by(delivery)
    return "" if delivery.is_forward or replies.told_in_bundle(delivery) else by


def _report(delivery: Delivery, form: Form, outcome: Outcome) -> None:
    at, sid = clock.now(), form.text("CallSid")
    actions.report(delivery_id=delivery.pk, outcome=outcome, at=at, provider_id=sid)
    if form.text("Digits"):  # says more than what silence before it said
        actions.correct(delivery_id=delivery.pk, outcome=outcome, at=at)


def _turn(request: HttpRequest) -> int:
    text = request.GET.get("turn", "")
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_ROUND else documents.ROUNDS


def _keys_url(turn: int) -> str:
    """Beside the document that is read."""
    return f"keys?turn={turn}"


def _said(what: Document, way: str) -> HttpResponse:
    return document(to_xml(what, dialect_of(Way(way))))


message, hosted_message = _for_carriers(_message)
keys, hosted_keys = _for_carriers(_keys)
status, hosted_status = _for_carriers(_status)
