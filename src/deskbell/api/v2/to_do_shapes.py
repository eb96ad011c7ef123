"""What the To Dos API takes and shows. Fields are in the order of the seed's tables and examples.

Source: seed 000, "Create a To Do": Request Parameters, Schedule Sub-Parameters, Response Example 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict, WrapValidator

DeliveryType = Literal["sms", "email", "call"]


def _example(name: str) -> ConfigDict:
    """Puts the example of that name beside the shape in the description."""
    return ConfigDict(json_schema_extra=lambda schema: schema.update(example=EXAMPLES[name]))


class NewSchedule(Schema):
    """When a To Do runs, by the clock of the account's time zone."""

    rule: Literal["immediately", "today", "recurring"] | None = Field(
        None,
        description="immediately: at once, nothing else is needed; today: today at `times`;"
        " recurring, which is meant where it is left out and there is a `frequency`.",
    )
    frequency: Literal["daily", "weekly", "monthly", "yearly"] | None = Field(
        None, description="How often, where it is recurring. Yearly: on the day of the first run."
    )
    times: list[str] | None = Field(
        None, description='At what times, as "9:00 AM". Needed for today and recurring.'
    )
    interval: int = Field(1, ge=1, description="Every how many days, weeks, months or years.")
    days: list[str | int] | None = Field(
        None,
        description='Weekly: names, as "Monday", in any case. Monthly: days of the month, as "1" or'
        " 18; months that do not have one skip it. `day` is understood as well.",
    )


class NewToDo(Schema):
    """What to send or say, to whom, and when."""

    model_config = _example("request")

    from_: str | int | None = Field(
        None,
        alias="from",
        description="One of the account's numbers, for SMS To Dos; left out: its first number.",
    )
    account_number: str = Field(description="The number of the account that the token belongs to.")
    delivery_type: DeliveryType = Field(description="How it goes out.")
    instructions: str | None = Field(
        None, description="What the call says; phone call To Dos only, which need it."
    )
    contact: str | None = Field(
        None,
        description="Needed: an email address for email To Dos, a phone number for SMS and calls.",
    )
    message_text: str | None = Field(
        None, description="What SMS and email To Dos say, which need it."
    )
    schedule: NewSchedule = Field(description="When it runs.")
    sender_name: str | None = Field(None, description="The sender's name in email To Dos.")
    from_email: str | None = Field(None, description="The sender's address in email To Dos.")
    subject: str | None = Field(None, description="The subject line of email To Dos.")


Given = Annotated[NewToDo, WrapValidator(lambda given, _check: given)]
"""A body as it came: described as a NewToDo, and checked by `to_do_bodies`."""


class ToDo(Schema):
    """A message or call that goes out by the clock."""

    id: int
    phone_id: int | None = Field(description="The id of the account's number in `from`.")
    delivery_type: DeliveryType
    instructions: str | None
    contact: str
    created_at: datetime
    updated_at: datetime
    message_text: str | None
    times: None = Field(description="Always null: they stand in the schedule.")
    is_sending: bool = Field(description="A run of it is under way.")
    run_at: datetime | None = Field(description="When its latest run began.")
    from_: str | None = Field(alias="from", description="Our number, ten digits for US numbers.")
    subject: str | None
    from_email: str | None
    sendgrid_authenticated_domain_id: None = Field(description="Always null.")
    sender_name: str | None


class Schedule(Schema):
    """When a To Do runs: a rule as IceCube writes it, and times of the account's time zone."""

    id: int
    schedulable_id: int = Field(description="The To Do's id.")
    schedulable_type: Literal["ToDo"]
    rule: dict[str, Any] = Field(
        description="IceCube::SingleOccurrence for immediately and today; else the rule with its"
        " interval, and as validations `day` (Sunday is 0) or `day_of_month`."
    )
    times: list[str]
    previous_occurrence: datetime | None
    next_occurrence: datetime | None = Field(
        description="When it runs next; null where it does not run again, or is paused."
    )
    created_at: datetime
    updated_at: datetime


class ToDoAndSchedule(Schema):
    """A To Do, and when it runs."""

    model_config = _example("response")

    to_do: ToDo
    schedule: Schedule


class ToDoAnswer(Schema):
    """One To Do."""

    data: ToDoAndSchedule


class ToDosAnswer(Schema):
    """A page of To Dos."""

    data: list[ToDoAndSchedule]


EXAMPLES: dict[str, Any] = {
    "request": {
        "account_number": "W0411",
        "delivery_type": "sms",
        "contact": "+12125550177",
        "from": "+12125550142",
        "message_text": "Latest code: This should be an active todo",
        "schedule": {
            "frequency": "weekly",
            "times": ["9:00 AM"],
            "days": ["Tuesday", "Thursday", "Saturday"],
            "interval": 2,
        },
    },
    "response": {
        "to_do": {
            "id": 157,
            "phone_id": 5,
            "delivery_type": "sms",
            "instructions": None,
            "contact": "+12125550177",
            "created_at": "2024-11-28T17:28:12.723Z",
            "updated_at": "2024-11-28T17:28:12.723Z",
            "message_text": "Latest code: This should be an active todo",
            "times": None,
            "is_sending": False,
            "run_at": None,
            "from": "2125550142",
            "subject": None,
            "from_email": None,
            "sendgrid_authenticated_domain_id": None,
            "sender_name": None,
        },
        "schedule": {
            "id": 76,
            "schedulable_id": 157,
            "schedulable_type": "ToDo",
            "rule": {
                "rule_type": "IceCube::WeeklyRule",
                "interval": 2,
                "validations": {"day": [2, 4, 6]},
            },
            "times": ["9:00 AM"],
            "previous_occurrence": None,
            "next_occurrence": "2024-11-30T14:00:00.000Z",
            "created_at": "2024-11-28T17:28:12.727Z",
            "updated_at": "2024-11-28T17:28:12.743Z",
        },
    },
}
