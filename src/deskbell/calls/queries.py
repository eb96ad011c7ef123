"""Reads of calls and recordings, in the scope of an account unless they say otherwise."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import system_scope

from . import pieces
from .models import Call, Recording


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


def recording(sid: str) -> Recording:
    """One recording with its call. Raises NotFound."""
    found = Recording.objects.select_related("call").filter(sid=sid).first()
    if found is None:
        raise NotFound(f"There is no recording {sid}")
    return found


def has_audio(sid: str, sha256: str) -> bool:
    """Whether the recording already has exactly this audio."""
    return Recording.objects.filter(sid=sid, sha256=sha256).exists()


def received(sid: str) -> int:
    """How many bytes of a recording are here: all of it, or what came in pieces so far."""
    found = Recording.objects.filter(sid=sid).exclude(sha256="").first()
    return found.audio.size if found is not None else pieces.received(sid)
