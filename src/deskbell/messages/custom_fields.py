"""Which of a message's answers are custom fields, which the API shows beside a message's own.

"Each message consists of standard data fields but can also contain several custom fields. The
custom fields can be recognized as content_with_additional_details_table_{labelName}" (seed 000,
"Messages API v2"). The example's answers have names beside those of the message's fields, and the
example has no custom field; so those names are standard, and whatever else a script asks is its
own. What Deskbell itself writes into answers is no script's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .models import Message

PREFIX: Final = "content_with_additional_details_table_"
_OF_THE_EXAMPLE: Final = frozenset(
    {
        *("recent_changes", "additional_information", "other_parties", "meeting_preference"),
        *("urgent", "user_id"),
    }
)
_OURS: Final = frozenset({"caller_id", "number_dialed", "length"})
_FIELDS: Final = frozenset(field.attname for field in Message._meta.concrete_fields)
STANDARD: Final = _FIELDS | _OF_THE_EXAMPLE | _OURS


def custom_fields(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions that a script has of its own, by their names in the API, in order.

    >>> custom_fields({"zip": "10001", "insurance": "Acme Care"})
    {'content_with_additional_details_table_insurance': 'Acme Care'}
    """
    return {PREFIX + name: text for name, text in answers.items() if name not in STANDARD}
