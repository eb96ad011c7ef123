"""What the Messages API shows. A shape's fields are in the order in which they are sent.

Source: seed 000, "Messages API v2", the example of a message.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from deskbell.messages.custom_fields import PREFIX, STANDARD

_STANDARD: Final = ",".join(sorted(STANDARD))
_CUSTOM: Final = f"""CASE WHEN kept.answers::text = '{{}}' THEN '' ELSE coalesce((
    SELECT string_agg(',' || to_json('{PREFIX}' || answer.key) || ':' || answer.value, ''
                      ORDER BY answer.place)
    FROM json_each(CASE json_typeof(kept.answers) WHEN 'object' THEN kept.answers END)
        WITH ORDINALITY AS answer (key, value, place)
    WHERE answer.key <> ALL('{{{_STANDARD}}}'::text[])
), '') END"""  # noqa: S608 only names of our own are put in

Status = Literal["new", "delivered", "acknowledged", "exhausted"]


class Message(Schema):
    """What a caller wants somebody to know, and how far it has come."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(MORE))
    beside: ClassVar[str] = _CUSTOM

    id: int
    read: bool = Field(description="A user of the account has opened or acknowledged it.")
    pbx_name: str
    phone_number: str = Field(description="The number that was called.")
    extension: str
    caller_id: str
    first_name: str
    last_name: str
    company_name: str
    content: str = Field(description="The message itself.")
    status: Status = Field(
        description="Exhausted: everybody was tried, and nobody has acknowledged it."
    )
    account_id: int
    agent_id: int | None = Field(description="The receptionist who took it.")
    user_id: int | None
    created_at: datetime
    updated_at: datetime
    ivr: str
    pickup_date: datetime | None
    pickup_user_id: int | None
    contact_id: int | None = Field(description="The contact it was first delivered to.")
    delivered_at: datetime | None = Field(description="When the first delivery went out.")
    delivered_by: int | None = Field(
        description="The receptionist who delivered it; null where Deskbell did by itself."
    )
    delivered_to: str | None = Field(description="Who it reached first, by name.")
    phone: str = Field(description="Where the caller wants to be called back.")
    email: str
    call_ref_id: str
    sale_id: int | None
    note: str
    did_id: int | None = Field(description="The id of the number that was called.")
    address: str
    address2: str
    city: str
    state: str
    zip: str
    how_you_hear_about_us: str
    is_emergency: bool
    alt_phone: str
    positive_data_dip: bool
    answers: dict[str, Any] = Field(
        description="What the caller answered to the script's questions, in the script's order."
    )
    escalation_level_id: int | None
    next_escalation_at: datetime | None = Field(
        description="When it goes on to the next attempt or level, unless acknowledged; while it is"
        " held until somebody is on call, when that is looked at again."
    )
    receiver_name: str
    non_message_type: str
    activities_count: int
    closing_action_group_id: int | None
    email_subject: str
    escalation_counter: int
    origin: str | None
    message_received_date: datetime | None
    disposition: str | None
    call_id: int | None
    chat_session_id: int | None
    to_do_task_id: int | None
    from_to_do: bool
    send_at: datetime | None
    uuid: UUID
    class_names: str


class Activity(Schema):
    """One thing that happened to a message."""

    id: int
    message_id: int
    at: datetime
    kind: Literal[
        "taken",
        "escalation",
        "delivered",
        "retry",
        "failed",
        "acknowledged",
        "exhausted",
        "read",
        "note",
        "resumed",
        "forwarded",
    ]
    text: str = Field(description="What happened, in words.")
    by: str = Field(description="Who did it; empty where nobody did.")


class MessageAnswer(Schema):
    """One message."""

    data: Message


class MessagesAnswer(Schema):
    """A page of messages."""

    data: list[Message]


class ActivitiesAnswer(Schema):
    """A page of a message's activities."""

    data: list[Activity]


class Fault(Schema):
    """What is wrong."""

    error: str


class TokenFault(Schema):
    """The token does not exist or was revoked."""

    success: Literal[False]
    info: Literal["Invalid token"]
    data: dict[str, Any] = Field(description="Empty.")


EXAMPLE: dict[str, Any] = {
    "id": 939,
    "read": True,
    "pbx_name": "tascom",
    "phone_number": "",
    "extension": "",
    "caller_id": "9548326297",
    "first_name": "",
    "last_name": "",
    "company_name": "",
    "content": "This is a test message",
    "status": "delivered",
    "account_id": 4,
    "agent_id": 3,
    "user_id": None,
    "created_at": "2025-01-21T22:08:20.671Z",
    "updated_at": "2025-01-21T22:08:20.858Z",
    "ivr": "",
    "pickup_date": None,
    "pickup_user_id": None,
    "contact_id": 541,
    "delivered_at": "2025-01-21T22:08:20.855Z",
    "delivered_by": 3,
    "delivered_to": None,
    "phone": "",
    "email": "",
    "call_ref_id": "",
    "sale_id": None,
    "note": "",
    "did_id": 5,
    "address": "",
    "address2": "",
    "city": "",
    "state": "",
    "zip": "",
    "how_you_hear_about_us": "",
    "is_emergency": False,
    "alt_phone": "",
    "positive_data_dip": False,
    "answers": {
        "recent_changes": "",
        "additional_information": "",
        "other_parties": "",
        "meeting_preference": "Virtual",
        "urgent": "Yes",
        "content": "This is a test message",
        "zip": "",
        "city": "",
        "state": "",
        "user_id": "",
    },
    "escalation_level_id": 7,
    "next_escalation_at": "2025-01-21T22:09:20.783Z",
    "receiver_name": "John Doe",
    "non_message_type": "",
    "activities_count": 6,
    "closing_action_group_id": 1,
    "email_subject": "",
    "escalation_counter": 0,
    "origin": None,
    "message_received_date": None,
    "disposition": None,
    "call_id": None,
    "chat_session_id": None,
    "to_do_task_id": None,
    "from_to_do": False,
    "send_at": None,
    "uuid": "8895c21e-8c3a-48e2-80dd-03acf32705fd",
    "class_names": "",
}
MORE: dict[str, Any] = {
    "patternProperties": {
        f"^{PREFIX}": {
            "description": "A custom field: the answer to a question that a script has of its own,"
            " by its label. It stands behind the fields above, and in `answers` as well."
        }
    },
    "example": EXAMPLE,
}
