"""What the Webhooks API takes and shows.

Source: design, portal API, "Messages": webhooks (signed) on taken, delivered, escalated,
acknowledged, exhausted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, StrictBool, WithJsonSchema

from .parameters import Text

Event = Literal[
    "message.taken",
    "message.delivered",
    "message.escalated",
    "message.acknowledged",
    "message.exhausted",
]
AnyEvent = Literal[Event, "webhook.test"]


def _list_of_words(given: object) -> object:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ValueError("events is a list of their names")
    return given


Events = Annotated[
    list[str],
    BeforeValidator(_list_of_words),
    WithJsonSchema(
        {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "enum": list(Event.__args__)},
        }
    ),
]


def _example(name: str) -> ConfigDict:
    """Puts the example of that name beside the shape in the description."""
    return ConfigDict(json_schema_extra=lambda schema: schema.update(example=EXAMPLES[name]))


class NewWebhook(Schema):
    """Where to tell what happens, and what of it."""

    model_config = _example("new")

    url: Text = Field(description="An address on the public internet, http or https.")
    events: Events = Field(description="What it is told of.")


class WebhookChanges(Schema):
    """What to change; what is left out stays as it is."""

    model_config = _example("changes")

    url: Text | None = Field(None, description="What waits is sent there as well.")
    events: Events | None = Field(None, description="What it is told of from now on.")
    is_paused: StrictBool | None = Field(
        None, description="True: nothing is sent, and what happens meanwhile is not kept for later."
    )


class Webhook(Schema):
    """An address of the account's own that is told of what happens to messages."""

    model_config = _example("webhook")

    id: int
    url: str
    events: list[Event]
    is_paused: bool
    paused_because: str = Field(
        description="Why it was paused by itself, which happens after three days of nothing but"
        " failures; else empty."
    )
    failing_since: datetime | None = Field(
        description="Since when every attempt has failed; null where the last one did not."
    )
    last_attempt_at: datetime | None
    last_status: int | None = Field(
        description="The HTTP status of the last answer; null where none came."
    )
    last_answer: str = Field(description="What the last answer said, or what went wrong, in words.")
    created_by: str
    created_at: datetime
    updated_at: datetime


class WebhookWithSecret(Webhook):
    """The same with its secret, which is shown here and never again."""

    model_config = _example("with_secret")

    secret: str = Field(description="Signs what is sent; see the guide for how to check it.")


class Attempt(Schema):
    """One request, and what came back."""

    number: int
    at: datetime
    milliseconds: int = Field(description="How long it took.")
    status: int | None = Field(description="The HTTP status; null where none came.")
    answer: str = Field(description="What came back, or what went wrong, in words.")


class Notice(Schema):
    """One thing that the webhook is told; kept for thirty days."""

    model_config = _example("notice")

    id: UUID = Field(description="The same as `id` in what is sent, however often it is sent.")
    event: AnyEvent
    message_id: int | None = Field(description="The message it is about; null for a test.")
    state: Literal["waiting", "sending", "sent", "failed"] = Field(
        description="Waiting: for its first or next try. Failed: given up."
    )
    tries: int
    created_at: datetime = Field(description="When it happened.")
    finished_at: datetime | None
    attempts: list[Attempt] = Field(description="Oldest first.")


class WebhookAnswer(Schema):
    """One webhook."""

    data: Webhook


class SecretAnswer(Schema):
    """One webhook with its secret."""

    data: WebhookWithSecret


class WebhooksAnswer(Schema):
    """The account's webhooks."""

    data: list[Webhook]


class NoticeAnswer(Schema):
    """One notice."""

    data: Notice


class NoticesAnswer(Schema):
    """A page of what a webhook was told."""

    data: list[Notice]


_WEBHOOK: dict[str, Any] = {
    "id": 3,
    "url": "https://crm.example.com/deskbell",
    "events": ["message.taken", "message.acknowledged"],
    "is_paused": False,
    "paused_because": "",
    "failing_since": None,
    "last_attempt_at": "2026-03-04T15:00:20.811Z",
    "last_status": 200,
    "last_answer": "ok",
    "created_by": "Alice",
    "created_at": "2026-03-01T09:12:00.000Z",
    "updated_at": "2026-03-01T09:12:00.000Z",
}
EXAMPLES: dict[str, Any] = {
    "new": {"url": _WEBHOOK["url"], "events": _WEBHOOK["events"]},
    "changes": {"is_paused": True},
    "webhook": _WEBHOOK,
    "with_secret": {**_WEBHOOK, "secret": "whsec_0u3aPq9SE7W2yVtDk1x5Zc8mRb4fHj6NnLgYoTiQsXe"},
    "notice": {
        "id": "5f0c3f0e-54a1-4f0b-9d53-1c2b6f6f8a11",
        "event": "message.taken",
        "message_id": 1204,
        "state": "sent",
        "tries": 1,
        "created_at": "2026-03-04T15:00:20.671Z",
        "finished_at": "2026-03-04T15:00:20.893Z",
        "attempts": [
            {
                "number": 1,
                "at": "2026-03-04T15:00:20.811Z",
                "milliseconds": 82,
                "status": 200,
                "answer": "ok",
            }
        ],
    },
}
