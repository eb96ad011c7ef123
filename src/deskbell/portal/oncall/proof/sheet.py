"""Proof of what became of a message, in words and clock times: the same on the page and in the PDF.

Every instant is told in the account's zone with its offset, so that nobody has to guess it later.
Source: design, on call, "Escalation"; design, product, "Proof".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.delivery.models import Delivery, DeliveryState, Try
from deskbell.delivery.queries import Proof, Tried
from deskbell.delivery.registry import transports
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Message, MessageStatus
from deskbell.messages.places import in_words

from ..contacts.shown import icon_of

_DIALLED: Final = frozenset({"call", "sms", "fax"})
TWICE: Final = "its fate was unknown once, so it may have arrived twice"
STANDINGS: Final = {
    MessageStatus.NEW: "On its way: nobody acknowledged it yet",
    MessageStatus.DELIVERED: "Delivered, and not acknowledged yet",
    MessageStatus.ACKNOWLEDGED: "Acknowledged",
    MessageStatus.EXHAUSTED: "Every level was tried, and nobody acknowledged it",
}


@dataclass(frozen=True, slots=True)
class TryLine:
    """One try of a delivery: when, what became of it, the provider's id and answer."""

    number: int
    began: str
    ended: str
    fate: str
    provider_id: str
    answer: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery: to whom, by what, where it stands, and every try of it."""

    number: int
    icon: str
    contact: str
    way: str
    address: str
    place: str
    made: str
    state: str
    state_name: str
    answer: str
    provider_id: str
    notes: Sequence[tuple[str, str]]
    tries: Sequence[TryLine]


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to the message."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the proof of a message says; `facts` and `outcome` are pairs of name and value."""

    message_id: int
    title: str
    account: str
    zone: str
    facts: Sequence[tuple[str, str]]
    standing: str
    outcome: Sequence[tuple[str, str]]
    content: str
    deliveries: Sequence[DeliveryLine]
    happened: Sequence[Happened]

    def as_data(self, *, country: str, made: str) -> dict[str, Any]:
        """What the PDF's template is given; `made` is when it was made, and by whom."""
        return {**asdict(self), "country": country, "made": made}


def sheet_of(proof: Proof, account: Account) -> Sheet:
    """A message's proof for people of its account."""
    zone = ZoneInfo(account.time_zone)
    message = proof.message
    return Sheet(
        message_id=message.pk,
        title=f"Proof of message {message.pk}",
        account=str(account),
        zone=account.time_zone,
        facts=_facts(message, zone),
        standing=STANDINGS[MessageStatus(message.status)],
        outcome=_outcome(message, zone),
        content=message.content,
        deliveries=[
            _delivery(number, each, zone) for number, each in enumerate(proof.deliveries, start=1)
        ],
        happened=[Happened(told(each.at, zone), each.text) for each in proof.activities],
    )


def told(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant on the account's clock with its offset: "2026-11-22 10:00:05 -05:00 (EST)"."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    name = local.strftime("%Z")
    offset = local.isoformat(sep=" ", timespec="seconds")[19:]
    named = f" ({name})" if name.isalpha() else ""
    return f"{local:%Y-%m-%d %H:%M:%S} {offset}{named}"


def _facts(message: Message, zone: ZoneInfo) -> list[tuple[str, str]]:
    facts = [
        ("Message", f"{message.pk} ({message.uuid})"),
        ("Taken", told(message.created_at, zone)),
        ("From", for_people(message.caller_name)),
        ("Phone", for_people(message.phone) if message.phone else ""),
        ("Company", message.company_name),
        ("Number called", for_people(message.did.number) if message.did else ""),
        ("Emergency", "yes" if message.is_emergency else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _outcome(message: Message, zone: ZoneInfo) -> list[tuple[str, str]]:
    if message.acknowledged_at is None:
        return []
    where = in_words(message.acknowledged_from) if message.acknowledged_from else ""
    facts = [
        ("By", message.acknowledged_by),
        ("At", told(message.acknowledged_at, zone)),
        ("How", where[:1].upper() + where[1:]),
        ("From", for_people(message.acknowledged_address)),
    ]
    return [(name, value) for name, value in facts if value]


def _delivery(number: int, tried: Tried, zone: ZoneInfo) -> DeliveryLine:
    each = tried.delivery
    transport = transports().get(each.kind)
    return DeliveryLine(
        number=number,
        icon=icon_of(each.kind),
        contact=each.contact_name,
        way=transport.label if transport else each.kind,
        address=for_people(each.address) if each.kind in _DIALLED else each.address,
        place=_place(each),
        made=told(each.created_at, zone),
        state=DeliveryState(each.state).label,
        state_name=each.state,
        answer=each.answer,
        provider_id=each.provider_id,
        notes=_notes(each, zone),
        tries=[_try(one, zone) for one in tried.tries],
    )


def _place(each: Delivery) -> str:
    attempt = f", attempt {each.attempt}" if each.attempt else ""
    return f"{each.level_name}{attempt}" if each.level_name else "Without a level"


def _notes(each: Delivery, zone: ZoneInfo) -> list[tuple[str, str]]:
    """What else is known of a delivery: pairs of name and value."""
    notes = [
        ("With the words", each.words),
        ("Settled", told(each.finished_at, zone)),
        ("Our number", for_people(each.sender)),
        ("Sent with others", f"as one, bundle {each.bundle}" if each.bundle else ""),
        ("Sent again", TWICE if each.sent_again else ""),
        ("Idempotency key", str(each.idempotency_key)),
    ]
    return [(name, value) for name, value in notes if value]


def _try(one: Try, zone: ZoneInfo) -> TryLine:
    return TryLine(
        number=one.number,
        began=told(one.began_at, zone),
        ended=told(one.ended_at, zone),
        fate=one.fate,
        provider_id=one.provider_id,
        answer=one.answer,
    )
