"""Calling somebody into a call's room: what may be called, placing the call, and giving it up."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.contacts.models import Contact
from deskbell.delivery import texting
from deskbell.delivery.transports.call.transport import dialled, is_attendants, is_number
from deskbell.foundation.errors import (
    DeskbellError,
    InvalidInput,
    MissingInput,
    NotAllowed,
    NotFound,
    Refused,
    Unreachable,
)
from deskbell.foundation.http import NoAnswer
from deskbell.foundation.numbers import to_e164
from deskbell.lines.models import Phone
from deskbell.lines.queries import may_call
from deskbell.platform import jobs
from deskbell.voice.client import LimitReached, NewCall

from .. import legs
from ..addresses import GATEWAY, base_of, calls_of, party_urls
from ..models import DeskCall, Party, PartyState
from ..rules.hands import How

RING_SECONDS: Final = 30
OVERDUE: Final = timedelta(seconds=RING_SECONDS + 45)  # with listening to "Press 1" twice
_LONGEST_CALL: Final = 4 * 3600
_NUMBER: Final = re.compile(r"\+?[0-9 ().\-/]{3,30}")
_USERNAME: Final = re.compile(r"[a-z0-9]{2,20}-[a-z0-9][a-z0-9_.-]{0,31}")
_NO_SUCH: Final = frozenset({"404", "410", "484", "604"})  # RFC 3261, section 21
GATEWAY_AWAY: Final = "The telephone gateway does not answer just now; try again in a moment"


def checked(*, account: Account, text: str, way: str, caller_id: str = "", field: str) -> str:
    """What `text` calls, for an account: a number in E.164, or a SIP phone's user name.

    `caller_id` is who is in the call already. Raises MissingInput, InvalidInput or NotAllowed, in
    words and with `field`. Needs the account's scope.
    """
    given = text.strip()
    if not given:
        raise MissingInput("Enter the number to call", field=field)
    if _NUMBER.fullmatch(given):
        return _checked_number(account, given, caller_id, field)
    username = given.lower()
    if not _USERNAME.fullmatch(username):
        raise InvalidInput(
            "That is no number; right is one with its country code, as +1 212 555 0134, or a SIP "
            "phone's user name",
            field=field,
        )
    if not Phone.objects.filter(account=account, username=username).exists():
        raise InvalidInput(f"{account.name} has no SIP phone {username}", field=field)
    if way != GATEWAY:
        raise InvalidInput("A hosted carrier reaches telephone numbers only", field=field)
    return username


def may_be_called(call: DeskCall, address: str) -> bool:
    """Whether `checked` lets somebody be called into a call. Needs the account's scope."""
    try:
        checked(
            account=call.account,
            text=address,
            way=call.way,
            caller_id=call.caller_id,
            field="address",
        )
    except (InvalidInput, NotAllowed):
        return False
    return True


def _checked_number(account: Account, given: str, caller_id: str, field: str) -> str:
    number = to_e164(given, region=account.country or "US")
    if not number:
        raise InvalidInput(
            f"{given} is no telephone number; right is one with its country code, as "
            "+1 212 555 0134",
            field=field,
        )
    if caller_id and number == to_e164(caller_id, region=account.country or "US"):
        raise InvalidInput("That is the caller's own number", field=field)
    if is_attendants(number):
        raise InvalidInput(
            f"{number} is the account's own number: the call would come here again", field=field
        )
    if not may_call(account, number):
        raise NotAllowed(f"{account.name} may not call {number}: its prefixes say so")
    return number


def add_party(
    *,
    desk_call: DeskCall,
    how: How,
    address: str,
    at: datetime,
    name: str = "",
    contact: Contact | None = None,
    level_id: int | None = None,
) -> Party:
    """Writes that somebody is called into a call, and has it given up where no word comes."""
    party = Party.objects.create(
        account_id=desk_call.account_id,
        desk_call=desk_call,
        how=how.value,
        address=address,
        name=(name or (contact.name if contact else ""))[:200],
        contact_id=contact.pk if contact else None,
        level_id=level_id,
        made_at=at,
    )
    jobs.enqueue(
        legs.party_overdue, after=OVERDUE, account_id=desk_call.account_id, party_id=party.pk
    )
    return party


def ring(party: Party) -> str:
    """Places the call to somebody; gives the sid of their leg, which is kept.

    Where no answer comes the same is asked once more: it is one call however often it is asked for.
    Raises Unreachable, NotAllowed, InvalidInput or Refused, in words for a receptionist.
    """
    call = party.desk_call
    order = _order(call, party)
    try:
        carried = calls_of(call)
        try:
            sid = carried.create(order).sid
        except NoAnswer:
            sid = carried.create(order).sid
    except DeskbellError as error:
        raise _in_words(error, party) from error
    Party.objects.filter(pk=party.pk).update(leg_sid=sid)
    party.leg_sid = sid
    return sid


def _order(call: DeskCall, party: Party) -> NewCall:
    account = call.account
    shown = call.number.e164 if call.number else ""
    caller = texting.sender_of(account_id=account.pk, called=shown, region=account.country)
    urls = party_urls(party, base_of(call.way))
    return NewCall(
        to=dialled(party.address),
        caller=caller or "anonymous",
        url=urls.answer,
        status_callback=urls.status,
        events=("answered", "completed"),
        timeout=RING_SECONDS,
        time_limit=_LONGEST_CALL,
        token=f"desk-party-{party.pk}",
    )


def _in_words(error: DeskbellError, party: Party) -> DeskbellError:
    if isinstance(error, NoAnswer):
        return error
    if isinstance(error, LimitReached):
        return Unreachable("All lines of the account are in use just now; try again in a moment")
    if isinstance(error, Unreachable):
        return Unreachable(GATEWAY_AWAY)
    if isinstance(error, Refused | NotFound) and not is_number(party.address):
        return InvalidInput(f"{party.address} is not connected just now", field="address")
    told = str(error).removeprefix("'To' ")
    words = f"{told[:1].upper()}{told[1:]}"
    if isinstance(error, NotAllowed):
        return NotAllowed(words)
    return InvalidInput(words, field="address")


def words_of_end(status: str, sip_code: str) -> str:
    """Why a call to somebody came to nothing, by RCML's word for its end."""
    if status == "failed" and sip_code in _NO_SUCH:
        return f"there is no such number ({sip_code})"
    ends = {
        "busy": "the line is busy",
        "no-answer": "nobody answered",
        "canceled": "the ringing was ended",
        "completed": "they hung up before they took the call",
    }
    code = f" ({sip_code})" if sip_code else ""
    return ends.get(status, f"the call failed on its way{code}")


def place(*, party_id: int, at: datetime) -> None:
    """Places the call to somebody whose row waits for it; what the desk's job does.

    Where it cannot be placed, it has come to nothing, and what follows is done.
    """
    from . import parties  # whose reports lead here again

    with transaction.atomic():
        party = Party.objects.select_for_update(of=("self",)).filter(pk=party_id).first()
    if party is None:
        return
    if party.leg_sid:  # whoever placed it may have died before it was written
        parties.placed(party_id=party_id, at=at)
        return
    if party.state != PartyState.CALLING:
        return
    try:
        ring(party)
    except DeskbellError as error:
        if not isinstance(error, NoAnswer):
            parties.came_to_nothing(party_id=party_id, words=str(error), at=at)
        return
    parties.placed(party_id=party_id, at=at)


def give_up(*, party_id: int, at: datetime) -> None:
    """Nobody told what became of a call to somebody: it counts as not answered, and is ended."""
    from . import parties  # whose reports lead here again

    party = Party.objects.select_related("desk_call").filter(pk=party_id).first()
    if party is None or party.state != PartyState.CALLING:
        return
    legs.settle_later(party.desk_call, [party.leg_sid])
    parties.came_to_nothing(party_id=party_id, words="nobody answered", at=at)
