"""What the body of a new To Do says, and which fault in it is told.

Source: seed 000, "Create a To Do" and its "Error Responses"; design, portal API, "Errors": the
first fault in the order of the seed's tables, whether a kind is wrong or a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput
from deskbell.todos.actions import Fields, check

# The seed's Request Parameters, in its order.
ORDER: Final = (
    "from", "account_number", "delivery_type", "instructions", "contact", "message_text",
    "schedule", "sender_name", "from_email", "subject",
)  # fmt: skip
NUMBERS: Final = {"from", "account_number"}  # taken as JSON numbers as well
OTHER_NAMES: Final = {"from": "From"}  # as the seed's table writes it


@dataclass(frozen=True, slots=True)
class Asked:
    """What `add_to_do` takes, as the body says it; the schedule is not read yet."""

    fields: Fields
    schedule: object
    account_number: str


def read_body(given: object, account: Account) -> Asked:
    """What a body asks for.

    Raises InvalidInput without a field where it is no JSON object, MissingInput or InvalidInput
    for the first fault where some field is of a wrong kind. Otherwise the values are not checked
    yet: `add_to_do` does that.
    """
    if not isinstance(given, Mapping):
        raise InvalidInput('The body is a JSON object, as {"account_number": "W0411"}')
    texts: dict[str, str] = {}
    faults: list[InvalidInput] = []
    for name in ORDER:
        if name != "schedule":
            try:
                texts[name] = _text(name, _given(given, name))
            except InvalidInput as error:
                texts[name] = ""
                faults.append(error)
    asked = _asked(texts, given.get("schedule"))
    if faults:
        raise _first(faults[0], asked, account)
    return asked


def _asked(texts: Mapping[str, str], schedule: object) -> Asked:
    others = {name: text for name, text in texts.items() if name not in NUMBERS}
    return Asked(Fields(sender=texts["from"], **others), schedule, texts["account_number"])


def _given(body: Mapping[str, Any], name: str) -> Any:
    return body.get(name, body.get(OTHER_NAMES.get(name, name)))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in NUMBERS and type(value) is int:
        return str(value)
    if not isinstance(value, str) or not _can_be_kept(value):
        raise InvalidInput(f"{name} is a text", field=name)
    return value


def _can_be_kept(text: str) -> bool:
    """Whether PostgreSQL holds it: no NUL, and no half of a surrogate pair, which JSON may name."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _first(fault: InvalidInput, asked: Asked, account: Account) -> InvalidInput:
    """A field of a wrong kind, or what is wrong with one before it in the table."""
    try:
        check(account, asked.fields, asked.schedule, account_number=asked.account_number)
    except InvalidInput as other:
        if _place(other) < _place(fault):
            return other
    return fault


def _place(error: InvalidInput) -> int:
    """Where in the table an error stands; what the schedule says is inside `schedule`."""
    return ORDER.index(error.field if error.field in ORDER else "schedule")
