"""Calls that our own phones make: to the attendant, to each other, or out through a trunk."""

from __future__ import annotations

from django.db import transaction

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.queries import numbers_written
from deskbell.attendant.ways import Way
from deskbell.calls import actions as calls
from deskbell.foundation import clock
from deskbell.foundation.errors import NotAllowed, NotFound
from deskbell.foundation.numbers import to_e164
from deskbell.lines.models import Phone
from deskbell.lines.queries import may_call, phone_called
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.verbs import Client, Dial, Document, Noun, Number
from deskbell.rcml.write import to_xml

from .requests import Form
from .steps import begin

RING_SECONDS = 45


def from_phone(form: Form, *, sid: str) -> tuple[Account, str]:
    """Whose call it is that a phone makes, and its first document as XML; writes the call, once.

    A number of the attendant's is answered by it. An extension or a phone of the same account is
    rung, anything else is called as a telephone number. Raises NotFound where it is none of these,
    NotAllowed for a phone that is gone and for a number that the account may not call.
    """
    try:
        phone = phone_called(form.text("Phone"))
    except NotFound as error:
        raise NotAllowed(str(error)) from error
    account, dialled = phone.account, form.text("To")
    with account_scope(account.pk), transaction.atomic():
        number = numbers_written(account, [dialled]).get(dialled)
        if number is not None and not number.is_extension:
            return account, begin(number, form, sid=sid, way=Way.GATEWAY)
        noun = _inside(account, number, dialled)
        is_inside = noun is not None
        dial = Dial(
            nouns=(noun or _outside(account, dialled),),
            timeout=RING_SECONDS,
            caller_id=_shown(phone, is_inside=is_inside),
            answer_on_bridge=True,
        )
        calls.begin(
            account_id=account.pk,
            sid=sid,
            number=None,
            caller_id=phone.number.number if phone.number else phone.username,
            caller_name=phone.name,
            dialled=dialled,
            at=clock.now(),
            call_type="InternalCall" if is_inside else "OutboundCall",
        )
    return account, to_xml(Document((dial,)))


def _inside(account: Account, number: PhoneNumber | None, dialled: str) -> Noun | None:
    """What is rung within the account; None where the account has nothing of that name."""
    if number is not None:
        return Number(number.e164 or number.number)
    if Phone.objects.filter(account=account, name=dialled.lower()).exists():
        return Client(dialled.lower())
    return None


def _outside(account: Account, dialled: str) -> Number:
    e164 = to_e164(dialled, region=account.country)
    if not e164:
        raise NotFound(f"{dialled[:64]!r} is no extension, phone or telephone number")
    if not may_call(account, e164):
        raise NotAllowed(f"This account may not call {e164}")
    return Number(e164)


def _shown(phone: Phone, *, is_inside: bool) -> str:
    """Whom the callee sees: inside the extension, outside the account's number (the default)."""
    number = phone.number
    if number is None:
        return ""
    return number.extension if is_inside and number.extension else number.e164
