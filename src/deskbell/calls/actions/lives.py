"""Calls begin."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from deskbell.accounts.models import PhoneNumber

from ..errors import SidTaken
from ..models import Call
from ..rules import INBOUND


def begin(
    *,
    account_id: int,
    sid: str,
    number: PhoneNumber | None,
    caller_id: str,
    caller_name: str,
    dialled: str,
    at: datetime,
    call_type: str = INBOUND,
    gateway: str = "",
    original_call_id: int | None = None,
) -> Call:
    """Writes that a call rings; asked again for the same sid, gives the call as it is.

    `call_type` is the portal's word for the kind of call: InboundCall, OutboundCall, InternalCall.
    `number` is the account's whose usage it becomes: called, or shown by a call out. `gateway` is
    where the gateway that has it can be asked, `original_call_id` the call that this one is about.
    Texts that are too long for their columns are cut. Raises SidTaken where the sid is another
    account's.
    """
    fresh = Call(
        account_id=account_id,
        sid=sid,
        phone_number=number,
        caller_id=caller_id[:64],
        caller_name=caller_name[:200],
        number_dialed=dialled[:64],
        call_type=call_type,
        started_at=at,
        gateway=gateway[:255],
        original_call_id=original_call_id,
        counts_for=(number.e164 or number.number)[:64] if number else "",
    )
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError as error:
        found = Call.objects.filter(sid=sid, account_id=account_id).first()
        if found is None:
            raise SidTaken(sid) from error
        return found
    return fresh
