"""Tells a message by telephone: places the call, and a report says later what became of it.

What the call says and does is in `documents`, which `api.voice.deliveries` serves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.core import signing

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.models import Instructions, PhoneType
from deskbell.delivery import texting
from deskbell.delivery.models import Try
from deskbell.delivery.rules import TASK_LIMIT
from deskbell.delivery.transport import (
    Carried,
    Field,
    Note,
    Outcome,
    Parcel,
    Reply,
    lasting_failure,
    passing_failure,
    unanswered,
    under_way,
)
from deskbell.delivery.wording import one_line
from deskbell.foundation.errors import (
    DeskbellError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
    Unreachable,
)
from deskbell.foundation.http import NoAnswer
from deskbell.foundation.numbers import to_e164
from deskbell.lines.models import Phone
from deskbell.lines.queries import may_call
from deskbell.rcml.write import to_xml
from deskbell.voice.client import LimitReached, NewCall

from . import documents, replies, sentences
from .calling import Place, cancel, places

_SIGNER: Final = signing.Signer(salt="deskbell.delivery.call")
RING_SECONDS: Final = 45
_SILENCE_MS: Final = 2500  # then whoever answered is a person who waits for us to speak
_LONGEST_CALL: Final = 60 * 60  # whoever is called may ask for a receptionist
_NUMBER: Final = re.compile(r"\+?[0-9 ().\-]{7,30}")
_PHONE: Final = re.compile(r"[a-z0-9]{2,20}-[a-z0-9][a-z0-9_.-]{0,31}")
_MAX_WORDS: Final = 300
_AFTER_BUSY: Final = timedelta(seconds=60)
_NO_SUCH_NUMBER: Final = frozenset({"404", "410", "484", "604"})  # RFC 3261, section 21
_CUT_BY_PERSON: Final = "Answered, and hung up before the message was heard"
_CUT_BY_MACHINE: Final = "A machine answered, and hung up before anything was left"


class CallTransport:
    """Telephone calls."""

    kind = "call"
    label = "Call"
    has_secret = False
    has_codes = False
    fields = (
        Field(
            "address",
            "Phone Number",
            "A number with its country code, as +1 212 555 0134, or a SIP phone's user name.",
            "tel",
        ),
        Field("phone_type", "Phone Type", choices=tuple(PhoneType.choices), is_required=False),
        Field(
            "instructions",
            "Call Instructions",
            "What voicemail is told; without a choice, a message for callback.",
            choices=tuple(Instructions.choices),
            is_required=False,
        ),
        Field(
            "by_receptionist",
            "Who calls",
            "A receptionist calls from the desk, tells the message, and notes what came of it.",
            choices=(("False", "Deskbell calls"), ("True", "A receptionist calls")),
            is_required=False,
            preset="False",
        ),
    )

    def check_address(self, text: str) -> str:
        """A telephone number in E.164, or a SIP phone's user name. Raises InvalidInput."""
        given = text.strip()
        number = to_e164(given) if _NUMBER.fullmatch(given) else ""
        if not number and not _PHONE.fullmatch(given.lower()):
            raise InvalidInput(
                "A call goes to a number with its country code, as +1 212 555 0134, or to a SIP "
                "phone by its user name, as w0411-front-desk",
                field="address",
            )
        return number or given.lower()

    def prepare(self, carried: Carried) -> Carried:
        """With our number that shows, and a key that is new once a call is known to be over.

        Raises Refused for a number that the account may not call, for one of its own that no phone
        rings for, and for a phone that it has not.
        """
        account = Account.objects.filter(pk=carried.account_id).first()
        if account is None:
            raise Refused("A call needs an account, in whose name it is made")
        if is_number(carried.address):
            if not may_call(account, carried.address):
                raise Refused(f"The account may not call {carried.address}: its prefixes say so")
            if is_attendants(carried.address):
                raise Refused(
                    f"{carried.address} is the account's own: its attendant would answer, and take "
                    "a message that calls there again"
                )
        elif not Phone.objects.filter(account=account, username=carried.address).exists():
            raise Refused(f"The account has no phone {carried.address} any more")
        called = getattr(carried, "called_number", "")
        sender = texting.sender_of(account_id=account.pk, called=called, region=account.country)
        if not sender and is_number(carried.address):
            raise Refused("The account has no number that a call could come from")
        calls = _known_calls(carried)
        key = f"{carried.idempotency_key}.{calls}" if calls else carried.idempotency_key
        return replace(carried, sender=sender, idempotency_key=key)

    def send(self, parcel: Parcel) -> Outcome:
        """Places the call, or leaves it to a receptionist; under way when this returns."""
        if parcel.by_receptionist:
            return under_way(
                "Waits for a receptionist to call",
                provider_id="",
                within=TASK_LIMIT,
                sender=parcel.sender,
            )
        token = token_of(parcel)

        def order(place: Place) -> NewCall:
            base = f"{place.base}/deliveries/{token}"
            return NewCall(
                to=dialled(parcel.address),
                caller=parcel.sender or parcel.account_number or "anonymous",
                url=f"{base}/message",
                status_callback=f"{base}/status",
                timeout=RING_SECONDS,
                time_limit=_LONGEST_CALL,
                machine_detection="" if documents.is_for_machines(parcel) else "DetectMessageEnd",
                machine_silence=_SILENCE_MS,
                token=parcel.idempotency_key,
            )

        placed = place_call(parcel, order)
        if isinstance(placed, Outcome):
            return placed
        place, sid = placed
        words = f"{place.label} rings {parcel.address}"
        return under_way(words, provider_id=sid, within=_within(parcel), sender=parcel.sender)

    def send_note(self, note: Note) -> Outcome:
        """Places a call that speaks the note, and that nobody reports of."""
        document = to_xml(documents.note_document(note))
        placed = place_call(
            note,
            lambda _place: NewCall(
                to=dialled(note.address),
                caller=note.sender or "anonymous",
                document=document,
                timeout=RING_SECONDS,
                token=note.idempotency_key,
            ),
        )
        if isinstance(placed, Outcome):
            return placed
        place, sid = placed
        words, within = f"{place.label} rings {note.address}", timedelta(minutes=3)
        return under_way(words, provider_id=sid, within=within, sender=note.sender)

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """Ends the ringing; a call that somebody has answered goes on, and tells them who was
        faster."""
        if provider_id:
            key = parcel.idempotency_key
            cancel(account_id=parcel.account_id, token=key, sid=provider_id)

    def read_reply(self, text: str) -> Reply:
        """See `replies.read`."""
        return replies.read(text)

    def shown(self, address: str) -> str:
        """The number or user name as it is."""
        return address


def token_of(parcel: Parcel) -> str:
    """What the addresses of a call's documents name it by, signed; the same at every try."""
    return _SIGNER.sign_object([parcel.account_id, parcel.delivery_id])


def named_by(token: str) -> tuple[int, int]:
    """The account's and the delivery's id that a token names. Raises NotFound for any other."""
    try:
        account_id, delivery_id = (int(part) for part in _SIGNER.unsign_object(token))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound("This call is none of ours") from error
    return account_id, delivery_id


def is_number(address: str) -> bool:
    """Whether an address is a telephone number in E.164, rather than a SIP phone's user name."""
    return address.startswith("+")


def is_attendants(number: str) -> bool:
    """Whether a number (E.164) is the account's own and no phone of its rings for it."""
    rings = Phone.objects.exclude(number=None).values("number")
    return PhoneNumber.objects.filter(e164=number).exclude(pk__in=rings).exists()


def dialled(address: str) -> str:
    """An address as a call is ordered to it."""
    return address if is_number(address) else f"client:{address}"


def _within(parcel: Parcel) -> timedelta:
    """How long ringing, a greeting, and saying it three times may take."""
    letters = sum(map(len, sentences.message(parcel))) + len(sentences.keys(parcel))
    return max(timedelta(minutes=3), timedelta(seconds=RING_SECONDS + 60 + letters / 10))


def _known_calls(carried: Parcel | Note) -> int:
    """How many calls were made for it that are over: the next one must be another."""
    if not isinstance(carried, Parcel) or not carried.delivery_id:
        return 0
    tries = Try.objects.filter(delivery=carried.delivery_id).exclude(provider_id="")
    return tries.values("provider_id").distinct().count()


def place_call(
    what: Parcel | Note, order: Callable[[Place], NewCall]
) -> tuple[Place, str] | Outcome:
    """Who carries the call and its sid, or what became of it where nobody does."""
    failed: Outcome | None = None
    try:
        for place in places(
            account_id=what.account_id,
            token=what.idempotency_key,
            is_number=is_number(what.address),
        ):
            try:
                return place, place.calls.create(order(place)).sid
            except NoAnswer:
                raise
            except DeskbellError as error:
                failed = failed or _failure(what, error)
                if isinstance(error, NotAllowed | InvalidInput | LimitReached):
                    break  # a carrier would not know the account's limits
    except NoAnswer as error:
        return passing_failure(_words(error), may_have_arrived=True)
    except Unreachable as error:
        return passing_failure(_words(error))
    return failed or passing_failure("Nobody can make calls just now")


def _failure(what: Parcel | Note, error: DeskbellError) -> Outcome:
    if isinstance(error, Unreachable):
        return passing_failure(_words(error))
    is_elsewhere = isinstance(error, Refused | NotFound) and not is_number(what.address)
    if is_elsewhere:
        return unanswered(f"{what.address} is not connected just now")
    return lasting_failure(_words(error))


def _words(error: Exception) -> str:
    """An error for people, without the name of the field that the gateway's API gives it."""
    told = str(error).removeprefix("'To' ")
    return one_line(f"{told[:1].upper()}{told[1:]}", _MAX_WORDS)


def ended(status: str, *, answered_by: str = "", sip_code: str = "") -> Outcome | None:
    """What the end of a call means, as carriers report it; None for one that is not over.

    Of an answered call the documents have said more already: then this changes nothing.
    Source: https://www.twilio.com/docs/voice/api/call-resource#call-status-values
    """
    is_machine = answered_by.startswith("machine")
    ends = {
        "completed": unanswered(_CUT_BY_MACHINE if is_machine else _CUT_BY_PERSON),
        "busy": passing_failure("The line was busy", retry_after=_AFTER_BUSY),
        "no-answer": unanswered("Nobody answered"),
        "canceled": unanswered("The ringing was ended"),
        "failed": _failed(sip_code),
    }
    return ends.get(status)


def _failed(sip_code: str) -> Outcome:
    if sip_code in _NO_SUCH_NUMBER:
        return lasting_failure(f"There is no such number, says the carrier ({sip_code})")
    code = f" ({sip_code})" if sip_code else ""
    return passing_failure(f"The call failed on its way{code}", retry_after=_AFTER_BUSY)
