"""The only writes to messages. Each runs in one transaction and raises the account's version.

All need the tenancy scope of the message's account (or a system scope).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from deskbell.accounts.models import PhoneNumber
from deskbell.calls.models import Call, Recording
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.changes import touch

from .errors import AlreadyAcknowledged
from .hooks import MessageEvent, message_acknowledged, message_exhausted, message_taken
from .lines import MAX_TEXT
from .models import Activity, ActivityKind, Message, MessageStatus
from .places import in_words


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of a message when it is taken. `answers` keep their order."""

    content: str
    answers: dict[str, str] = field(default_factory=dict)
    call: Call | None = None
    recording: Recording | None = None
    number: PhoneNumber | None = None
    escalation_level_id: int | None = None
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    phone: str = ""
    email: str = ""
    is_emergency: bool = False
    ivr: str = ""
    origin: str | None = None


def take(*, account_id: int, taken: Taken, at: datetime) -> Message:
    """Keeps a new message and tells the rooms above, all in one transaction.

    Raises InvalidInput for a message with neither content nor recording.
    """
    if not taken.content.strip() and taken.recording is None:
        raise InvalidInput("A message needs content or a recording", field="content")
    call = taken.call
    with transaction.atomic():
        message = Message(
            account_id=account_id,
            content=taken.content,
            answers=taken.answers,
            call=call,
            recording=taken.recording,
            did=taken.number,
            phone_number=taken.number.number if taken.number else "",
            caller_id=call.caller_id if call else "",
            phone=taken.phone or (call.caller_id if call else ""),
            first_name=taken.first_name,
            last_name=taken.last_name,
            company_name=taken.company_name,
            email=taken.email,
            is_emergency=taken.is_emergency,
            ivr=taken.ivr,
            origin=taken.origin,
            escalation_level_id=taken.escalation_level_id,
            created_at=at,
            updated_at=at,
            message_received_date=at,
        )
        message.save()
        add_activity(message=message, kind=ActivityKind.TAKEN, text="Message taken", at=at)
        message_taken.fire(MessageEvent(account_id, message.pk))
    return message


def add_activity(
    *, message: Message, kind: ActivityKind, text: str, at: datetime, by: str = ""
) -> Activity:
    """Writes down that something happened to a message; `text` is cut at 500 characters."""
    with transaction.atomic():
        activity = Activity(
            account_id=message.account_id,
            message=message,
            at=at,
            kind=kind,
            text=text[:MAX_TEXT],
            by=by[:254],
        )
        activity.save()
        Message.objects.filter(pk=message.pk).update(
            activities_count=F("activities_count") + 1, updated_at=at
        )
        message.activities_count += 1
        touch(message.account_id)
    return activity


def mark_delivered(*, message: Message, to: str, contact_id: int | None, at: datetime) -> None:
    """The first delivery went out: `new` becomes `delivered`; later ones change nothing."""
    with transaction.atomic():
        Message.objects.filter(pk=message.pk, status=MessageStatus.NEW).update(
            status=MessageStatus.DELIVERED,
            delivered_at=at,
            delivered_to=to[:254],
            contact_id=contact_id,
            receiver_name=to[:200],
            updated_at=at,
        )
        touch(message.account_id)


def acknowledge(
    *, message: Message, by: str, at: datetime, through: str, address: str = ""
) -> Message:
    """Somebody takes care of it: everything that was under way for it stops.

    `by` is who, in words; `through` is from where, one of `places.PLACES`; `address` is the number,
    mailbox or IP address that it came from, where known. One wins where two come at the same
    instant. Raises AlreadyAcknowledged for the other.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update().filter(pk=message.pk).first()
        if locked is None:
            raise NotFound("No such message")
        if locked.status == MessageStatus.ACKNOWLEDGED:
            raise AlreadyAcknowledged(locked.acknowledged_by)
        locked.status = MessageStatus.ACKNOWLEDGED
        locked.read = True
        locked.next_escalation_at = None
        locked.acknowledged_at = locked.updated_at = at
        locked.acknowledged_by = by[:254]
        locked.acknowledged_from = through[:32]
        locked.acknowledged_address = address[:200]
        locked.save()
        add_activity(
            message=locked,
            kind=ActivityKind.ACKNOWLEDGED,
            text=f"Acknowledged by {by}, {in_words(through, address)}",
            at=at,
            by=by,
        )
        message_acknowledged.fire(MessageEvent(locked.account_id, locked.pk))
    return locked


def acknowledge_many(
    *, messages: Sequence[Message], by: str, at: datetime, through: str, address: str = ""
) -> list[Message]:
    """Acknowledges each message that still waits for it; those already acknowledged stay so."""
    done: list[Message] = []
    for message in messages:
        try:
            done.append(
                acknowledge(message=message, by=by, at=at, through=through, address=address)
            )
        except AlreadyAcknowledged:
            continue
    return done


def exhaust(*, message: Message, text: str, at: datetime) -> None:
    """The chain ended and nobody acknowledged; `text` says so in the activities.

    The second time nothing changes.
    """
    over = (MessageStatus.ACKNOWLEDGED, MessageStatus.EXHAUSTED)
    with transaction.atomic():
        changed = (
            Message.objects.filter(pk=message.pk)
            .exclude(status__in=over)
            .update(status=MessageStatus.EXHAUSTED, next_escalation_at=None, updated_at=at)
        )
        if changed:
            add_activity(message=message, kind=ActivityKind.EXHAUSTED, text=text, at=at)
            message_exhausted.fire(MessageEvent(message.account_id, message.pk))


def place(
    *,
    message: Message,
    level_id: int | None,
    attempt: int,
    next_at: datetime | None,
    at: datetime,
    loops: Mapping[int, int] | None = None,
) -> None:
    """Sets where a message stands in its escalation: level, attempt, and when it goes on.

    `loops`, where given, is how often it went on from each level whose chain leads back.
    """
    changes: dict[str, Any] = {
        "escalation_level_id": level_id,
        "escalation_counter": attempt,
        "next_escalation_at": next_at,
        "updated_at": at,
    }
    if loops is not None:
        changes["escalation_loops"] = {str(each): count for each, count in loops.items()}
    open_ones = Message.objects.exclude(status=MessageStatus.ACKNOWLEDGED)
    open_ones.filter(pk=message.pk).update(**changes)
    touch(message.account_id)


def reopen(*, message: Message, at: datetime) -> None:
    """An exhausted message is under way again; any other stays as it is."""
    status = MessageStatus.DELIVERED if message.delivered_at else MessageStatus.NEW
    exhausted = Message.objects.filter(pk=message.pk, status=MessageStatus.EXHAUSTED)
    if exhausted.update(status=status, updated_at=at):
        touch(message.account_id)


def mark_read(*, message: Message, by: str, at: datetime) -> None:
    """A user of the account opened it; only the first time is written down."""
    with transaction.atomic():
        if Message.objects.filter(pk=message.pk, read=False).update(read=True):
            add_activity(
                message=message, kind=ActivityKind.READ, text=f"Read by {by}", at=at, by=by
            )
