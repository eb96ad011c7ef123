"""Addresses that are telephone numbers, and which number of ours shows: of texts and faxes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput, Refused
from deskbell.foundation.numbers import to_e164
from deskbell.lines.queries import may_call

from . import texting
from .transport import Carried, Note, Parcel

_NUMBER: Final = re.compile(r"\+?[0-9 ().\-]{7,30}")


def checked(text: str, *, words: str) -> str:
    """A telephone number in E.164; one without a plus is read as of the United States.

    Raises InvalidInput with `words`.
    """
    number = text.strip()
    found = to_e164(number) if _NUMBER.fullmatch(number) else ""
    if not found:
        raise InvalidInput(words, field="address")
    return found


def with_sender(carried: Carried, *, what: str) -> Carried:
    """With our number that shows: the one the caller called, else the account's first.

    Raises Refused where there is none, and for a number that the account may not reach; `what` is
    what is sent, "text".
    """
    account = Account.objects.filter(pk=carried.account_id).first()
    if account is None:
        raise Refused(f"A {what} needs an account, whose number it comes from")
    sender = texting.sender_of(
        account_id=account.pk, called=_called(carried), region=account.country
    )
    if not sender:
        raise Refused(f"The account has no number that a {what} could come from")
    if not may_call(account, carried.address):
        raise Refused(f"The account may not reach {carried.address}: its prefixes say so")
    return replace(carried, sender=sender)


def _called(what: Parcel | Note) -> str:
    return what.called_number if isinstance(what, Parcel) else ""
