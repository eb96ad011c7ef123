"""The telephones of those on call: for callers who are put through to them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from deskbell.contacts.models import DeliveryMethod

from ..models import EscalationLevel
from .calendars import on_call

PHONE: Final = "call"  # the kind of delivery method that rings a phone


def telephones_on_call(level_id: int, at: datetime) -> list[DeliveryMethod]:
    """The telephones of those on call on a level at an instant, with their contacts, each number
    once; none where the level is gone. Needs the account's scope."""
    level = EscalationLevel.objects.filter(pk=level_id).first()
    methods = on_call(level, at) if level else []
    found = {each.address: each for each in reversed(methods) if each.kind == PHONE}
    return [each for each in methods if found.get(each.address) is each]
