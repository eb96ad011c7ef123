"""How many messages each tab has, without counting them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from ..models import Message
from .wanted import TABS


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages wait for an acknowledgement, and how many have one; self-tests only while
    they are under way."""

    new: int
    acknowledged: int


def counts() -> Counts:
    """Both tabs' counts, in one query."""
    found = Message.objects.aggregate(
        new=Count("pk", filter=TABS["new"]),
        acknowledged=Count("pk", filter=TABS["acknowledged"]),
    )
    return Counts(**found)
