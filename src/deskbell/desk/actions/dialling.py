"""Calls that a receptionist makes: their own phone is rung first, then whom they call."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery.models import Delivery
from deskbell.foundation.errors import NotFound
from deskbell.platform import jobs
from deskbell.voice.client import ready_gateway

from .. import legs
from ..addresses import GATEWAY
from ..models import DeskCall, DeskCallKind, DeskCallState, Receptionist
from ..rules.hands import How
from . import calling
from .offers import ring_own_phone
from .rooms import enter


def call_out(
    *,
    receptionist: Receptionist,
    account_id: int,
    number: PhoneNumber | None,
    to: str,
    at: datetime,
    delivery: Delivery | None = None,
) -> DeskCall:
    """Calls `to` for an account, showing `number` (None: the account's first).

    Rings the receptionist's own phone; once it is answered, `to` is called into the room. Needs the
    account's scope. Raises InvalidInput with `field` "to", NotAllowed for a number that the account
    may not call, Conflict for a receptionist who has a call or no phone, Unreachable.
    """
    account = Account.objects.filter(pk=account_id).first()
    if account is None or (number is not None and number.account_id != account_id):
        raise NotFound("There is no such account or number")
    found = calling.checked(account=account, text=to, way=GATEWAY, field="to")
    room = f"desk-{uuid.uuid4().hex}"
    gateway = ready_gateway(settings.ENVIRONMENT.voice_urls, token=room)
    with transaction.atomic():
        call = DeskCall.objects.create(
            account_id=account_id,
            kind=DeskCallKind.OUTGOING,
            state=DeskCallState.WAITING,
            way=GATEWAY,
            gateway=gateway,
            room=room,
            number=number,
            caller_id=found,
            caller_name=delivery.contact_name if delivery else "",
            entered_at=at,
            rank_at=at,
            delivery_id=delivery.pk if delivery else None,
        )
        ring_own_phone(desk_call=call, receptionist=receptionist, at=at)
    return call


def own_phone_answered(*, desk_call: DeskCall, at: datetime) -> None:
    """The receptionist's own phone answered for an outgoing call: has whom it is for called now, by
    a job. Asked again it does nothing. Whoever serves `offers/…/answer` asks it after `take_offer`.
    """
    with transaction.atomic():
        call = enter(desk_call.pk).call
        is_in_hand = call.kind == DeskCallKind.OUTGOING and call.state == DeskCallState.IN_HAND
        if not is_in_hand or call.parties.filter(how=How.OUT).exists():
            return
        party = calling.add_party(
            desk_call=call, how=How.OUT, address=call.caller_id, at=at, name=call.caller_name
        )
        jobs.enqueue(legs.call_party, account_id=call.account_id, party_id=party.pk)
