"""Callers for a receptionist, and the legs of who answers them, as a gateway tells of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deskbell.api.tests.conftest import Gateway
from deskbell.desk import actions as desk
from deskbell.desk.addresses import (
    offer_urls,
    party_urls,
)
from deskbell.desk.models import (
    DeskCall,
    Offer,
    OfferState,
    Party,
    Receptionist,
)
from deskbell.foundation.environment import environment
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import (
    Conference,
    Dial,
    Gather,
    Say,
    Verb,
)

CALLERS = ["CA" + digit * 32 for digit in "abc"]
LEG = {"CallSid": "CA" + "9" * 32, "CallStatus": "in-progress"}
GATEWAY = "http://127.0.0.1:8071"


def form(call_sid: str = CALLERS[0], **fields: str) -> dict[str, str]:
    return {
        "CallSid": call_sid,
        "AccountSid": environment().secrets.account_sid,
        "From": "+12125550187",
        "To": "12125550142",
        "CallStatus": "in-progress",
        "GatewayUrl": GATEWAY,
    } | fields


def verbs(answer: Any) -> tuple[Verb, ...]:
    assert answer.status_code == 200, answer.content
    return from_xml(answer.content).verbs


def said(answer: Any) -> str:
    found: list[str] = []
    for verb in verbs(answer):
        for each in verb.nested if isinstance(verb, Gather) else (verb,):
            found += [each.text] if isinstance(each, Say) else []
    return " ".join(found)


def dial_of(answer: Any) -> Dial:
    [dial] = [verb for verb in verbs(answer) if isinstance(verb, Dial)]
    return dial


def room(answer: Any) -> Conference:
    [found] = dial_of(answer).nouns
    assert isinstance(found, Conference)
    return found


def asks_for_receptionist(gateway: Gateway, call_sid: str = CALLERS[0], **fields: str) -> Any:
    first = gateway.post("/voice/incoming", form(call_sid, **fields))
    gather = verbs(first)[0]
    assert isinstance(gather, Gather)
    return gateway.post(gather.action, form(call_sid, Digits="5", **fields))


def at_desk(call_sid: str = CALLERS[0]) -> DeskCall:
    with system_scope("a test looks"):
        return DeskCall.objects.select_related("account", "call").get(call_sid=call_sid)


def offered(receptionist: Receptionist, at: datetime, call_sid: str = CALLERS[0]) -> Offer:
    """A ring for the caller who waits."""
    waiting = at_desk(call_sid)
    desk.distribute(at)
    with account_scope(waiting.account_id):
        return Offer.objects.select_related("desk_call").get(
            desk_call=waiting, receptionist=receptionist, state=OfferState.RINGING
        )


def ask(gateway: Gateway, url: str, **fields: str) -> Any:
    return gateway.post(url, LEG | fields)


def urls(of: Offer | Party) -> tuple[str, str, str]:
    """The document, the keys and the status of a leg."""
    base = environment().web_url + "/voice"
    found = offer_urls(of, base) if isinstance(of, Offer) else party_urls(of, base)
    return found.answer, found.answer.replace("/answer", "/keys?turn=1"), found.status
