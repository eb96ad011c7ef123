"""A message is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from deskbell.accounts.models import PhoneNumber
from deskbell.calls.models import Call, Recording
from deskbell.foundation.errors import InvalidInput

from ..hooks import MessageEvent, message_taken
from ..models import ActivityKind, Message
from .telling import add_activity


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

    What a database cannot hold is left out (NUL characters), what is longer than its column is cut,
    so that no message is lost over it. Raises InvalidInput for a message with neither content nor
    recording.
    """
    if not taken.content.strip() and taken.recording is None:
        raise InvalidInput("A message needs content or a recording", field="content")
    call = taken.call
    with transaction.atomic():
        message = Message(
            account_id=account_id,
            content=taken.content,
            answers={_kept(name): _kept(text) for name, text in taken.answers.items()},
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
        _fit(message)
        message.save()
        add_activity(message=message, kind=ActivityKind.TAKEN, text="Message taken", at=at)
        message_taken.fire(MessageEvent(account_id, message.pk))
    return message


def _fit(message: Message) -> None:
    for column in message._meta.concrete_fields:
        value = getattr(message, column.attname)
        if isinstance(column, models.CharField | models.TextField) and isinstance(value, str):
            setattr(message, column.attname, _kept(value)[: column.max_length])


def _kept(value: Any) -> Any:
    """A text as PostgreSQL can hold it: without NUL and halves of characters."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
