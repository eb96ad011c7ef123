"""One message and what belongs to it; what a person keeps."""

from __future__ import annotations

from django.db.models import QuerySet

from deskbell.accounts.models import User
from deskbell.foundation.errors import NotFound

from ..models import Activity, Message, Note, SavedSearch


def one(message_id: int) -> Message:
    """One message with its call, recording and number. Raises NotFound."""
    found = Message.objects.select_related("call", "recording", "did").filter(pk=message_id).first()
    if found is None:
        raise NotFound("No such message")
    return found


def activities_of(message: Message) -> QuerySet[Activity]:
    """What happened to a message, oldest first."""
    return Activity.objects.filter(message=message).order_by("at", "id")


def recent_activities(limit: int = 50) -> QuerySet[Activity]:
    """The account's newest activities, with their messages."""
    return Activity.objects.select_related("message").order_by("-at", "-id")[:limit]


def notes_of(message: Message) -> QuerySet[Note]:
    """What people wrote beside a message, oldest first."""
    return Note.objects.filter(message=message).order_by("at", "id")


def saved_searches(user: User) -> QuerySet[SavedSearch]:
    """The lists that a user keeps in this account, by name."""
    return SavedSearch.objects.filter(user=user).order_by("name")
