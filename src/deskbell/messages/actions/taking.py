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
    """What is known of a message when it is taken. `answers` keep their order.

    `taken_by` is the receptionist who took it, in words, `agent_id` their user. One that is
    `is_for_check_in` waits until the client calls in, and one with a `non_message_type` only says
    that there was a call: nobody is told of either.
    """

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
    alt_phone: str = ""
    email: str = ""
    address: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    how_you_hear_about_us: str = ""
    is_emergency: bool = False
    ivr: str = ""
    origin: str | None = None
    agent_id: int | None = None
    taken_by: str = ""
    closing_action_group_id: int | None = None
    disposition: str = ""
    is_for_check_in: bool = False
    non_message_type: str = ""


# What of Taken goes into the message's columns of the same names.
_SAME = (
    *("content", "call", "recording", "first_name", "last_name", "company_name", "alt_phone"),
    *("email", "address", "address2", "city", "state", "zip", "how_you_hear_about_us"),
    *("is_emergency", "ivr", "origin", "escalation_level_id", "agent_id", "is_for_check_in"),
    *("closing_action_group_id", "non_message_type"),
)


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
            answers={_kept(name): _kept(text) for name, text in taken.answers.items()},
            did=taken.number,
            phone_number=taken.number.number if taken.number else "",
            caller_id=call.caller_id if call else "",
            phone=taken.phone or (call.caller_id if call else ""),
            disposition=taken.disposition or None,
            created_at=at,
            updated_at=at,
            message_received_date=at,
            **{name: getattr(taken, name) for name in _SAME},
        )
        _fit(message)
        message.save()
        _say(message, taken, at)
        message_taken.fire(MessageEvent(account_id, message.pk))
    return message


def _say(message: Message, taken: Taken, at: datetime) -> None:
    words = f"Message taken by {taken.taken_by}" if taken.taken_by else "Message taken"
    if taken.is_for_check_in:
        words += ", to be read out when the client calls in"
    elif taken.non_message_type:
        words += "; nobody needs to be told"
    add_activity(message=message, kind=ActivityKind.TAKEN, text=words, at=at, by=taken.taken_by)


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
