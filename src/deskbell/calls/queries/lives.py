"""Reads of calls."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import system_scope

from ..models import Call


def account_of(call_sid: str) -> int:
    """The id of the account whose call this is. Enters a system scope. Raises NotFound."""
    with system_scope("a gateway names a call by its sid alone"):
        found = Call.objects.filter(sid=call_sid).values_list("account_id", flat=True).first()
    if found is None:
        raise NotFound(f"There is no call {call_sid}")
    return found


def one(sid: str) -> Call:
    """One call with its number. Raises NotFound."""
    found = Call.objects.select_related("phone_number").filter(sid=sid).first()
    if found is None:
        raise NotFound(f"There is no call {sid}")
    return found


def newest() -> QuerySet[Call]:
    """The account's calls, newest first, with their numbers."""
    return Call.objects.select_related("phone_number").order_by("-started_at", "-id")


def between(start: datetime, end: datetime) -> QuerySet[Call]:
    """Calls that began in the span, start inside and end outside, oldest first."""
    return Call.objects.filter(started_at__gte=start, started_at__lt=end).order_by("started_at")
