"""What happened to a message is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from deskbell.platform.changes import touch

from ..lines import MAX_TEXT
from ..models import Activity, ActivityKind, Message


def add_activity(
    *, message: Message, kind: ActivityKind, text: str, at: datetime, by: str = ""
) -> Activity:
    """Writes down that something happened to a message; `text` is cut at 500 characters."""
    with transaction.atomic():
        activity = Activity(
            account_id=message.account_id,
            message=message,
            at=at,
            kind=kind,
            text=text[:MAX_TEXT],
            by=by[:254],
        )
        activity.save()
        Message.objects.filter(pk=message.pk).update(
            activities_count=F("activities_count") + 1, updated_at=at
        )
        message.activities_count += 1
        touch(message.account_id)
    return activity
