"""Delivery methods as people give them: each field only where it belongs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import Field
from deskbell.foundation.errors import InvalidInput

pytestmark = pytest.mark.usefixtures("scope")
CHOICES = (("complete", "Complete message"), ("callback", "Message for callback"))


@pytest.fixture(autouse=True)
def form(pigeon: Pigeon) -> None:
    pigeon.fields = (
        Field("address", "Tower"),
        Field("instructions", "Instructions", choices=CHOICES),
    )


def test_an_edit_checks_what_it_changes_and_nothing_else(
    method: DeliveryMethod, at: datetime
) -> None:
    method.verified_at = at
    method.save()
    edited = actions.edit_checked_method(method=method, at=at, instructions="callback", limit=0)
    assert (edited.instructions, edited.limit, edited.verified_at) == ("callback", 0, at)
    moved = actions.edit_checked_method(method=method, at=at, address=" east tower ")
    assert (moved.address, moved.verified_at, moved.limit) == ("east tower", None, 0)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"address": "nowhere"}, "address", "flies to a tower"),
        ({"phone_type": "mobile"}, "phone_type", "Pigeon has no phone type; leave it empty"),
        ({"instructions": "sing"}, "instructions", "is one of complete, callback; not 'sing'"),
        ({"instructions": "beep_ours"}, "instructions", "is one of complete, callback"),
        ({"limit": 1001}, "limit", "0 .none. to 1000 messages in ten minutes"),
        ({"limit": -1}, "limit", "0 .none. to 1000"),
        ({"limit": "many"}, "limit", "0 .none. to 1000"),
    ],
)
def test_what_does_not_belong_is_refused_in_words(
    method: DeliveryMethod, at: datetime, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        actions.edit_checked_method(method=method, at=at, **fields)
    assert caught.value.field == field
    whole: dict[str, Any] = {"kind": "pigeon", "address": "a tower", **fields}
    with pytest.raises(InvalidInput, match=words) as caught:
        actions.add_checked_method(contact=method.contact, at=at, **whole)
    assert caught.value.field == field
