"""Somebody whom we told of a message by telephone, and who asks for the receptionist by key 4.

Their call, which we made, becomes a call at the desk like any other; the receptionist sees which
message it was about. Source: design, on call, "Escalation" (call delivery).
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from deskbell.attendant.rules import Sentence
from deskbell.attendant.ways import Way, links_of
from deskbell.calls import actions as calls
from deskbell.calls.rules import OUTBOUND
from deskbell.delivery import queries as deliveries
from deskbell.delivery.models import Delivery
from deskbell.delivery.transports.call import documents as told
from deskbell.delivery.transports.call.transport import token_of
from deskbell.desk import actions as desk
from deskbell.desk.addresses import base_of, gateway_told, wait_url
from deskbell.desk.models import DeskCall, DeskCallKind
from deskbell.desk.queries import reception
from deskbell.foundation import clock
from deskbell.rcml.verbs import Document

from ..parcels import parcel_of
from ..requests import Form
from . import documents
from .answers import call_of

NOBODY_FREE: Final = "No receptionist is free just now."


def join(delivery: Delivery, form: Form, way: Way) -> Document | None:
    """Has who is told of a message wait for a receptionist; writes the call's record, and its place
    in line. None where nobody is on duty, or whoever carries the call has no waiting rooms."""
    at, number = clock.now(), delivery.message.did
    if not links_of(way, account_id=delivery.account_id).wait_url():
        return None
    if not reception(number.pk if number else None, way=str(way)).is_open:
        return None
    with transaction.atomic():
        call = calls.begin(
            account_id=delivery.account_id,
            sid=call_of(form, way),
            number=number,
            caller_id=delivery.address,
            caller_name=delivery.contact_name,
            dialled=delivery.address,
            at=at,
            call_type=OUTBOUND,
            original_call_id=delivery.message.call_id,
            gateway=gateway_told(form.text("GatewayUrl")),
        )
        desk_call = desk.join_queue(
            call=call, way=str(way), at=at, kind=DeskCallKind.CALLBACK, delivery_id=delivery.pk
        )
    return waiting(desk_call, way, before=Sentence.HOLD_THE_LINE)


def waiting(desk_call: DeskCall, way: Way, *, before: str) -> Document:
    """`before`, then the waiting room of a call that we made."""
    base, account_id = base_of(str(way)), desk_call.account_id
    return documents.caller_joining(
        desk_call.room,
        left_url=f"{base}/desk/left",
        wait_url=wait_url(account_id, base),
        before=before,
    )


def nobody_free(desk_call: DeskCall, way: Way) -> Document:
    """That no receptionist came, and what else the keys do for the message."""
    if desk_call.delivery_id is None:
        return documents.goodbye(NOBODY_FREE)
    parcel = parcel_of(deliveries.one(desk_call.delivery_id))
    keys_url = f"{base_of(str(way))}/deliveries/{token_of(parcel)}/keys?turn=1"
    return told.keys_document(parcel, keys_url=keys_url, before=NOBODY_FREE)
