"""Reads of messages, in the scope of an account (staff's lists: in a system scope)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Q, QuerySet

from deskbell.foundation.errors import NotFound

from .models import SELF_TEST, Activity, Message, MessageStatus

Tab = Literal["new", "acknowledged"]
SORTS = {
    "id": "id",
    "created_at": "created_at",
    "from": "first_name",
    "phone": "phone",
    "message": "content",
    "company": "company_name",
}


# A self-test is for whoever is on call while it is under way; what came of it is the operator's.
_ACKNOWLEDGED = Q(status=MessageStatus.ACKNOWLEDGED)
_SELF_TEST = Q(origin=SELF_TEST)
_TABS: dict[Tab, Q] = {
    "new": ~_ACKNOWLEDGED & ~(_SELF_TEST & Q(status=MessageStatus.EXHAUSTED)),
    "acknowledged": _ACKNOWLEDGED & ~_SELF_TEST,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages wait for an acknowledgement, and how many have one; self-tests only while
    they are under way."""

    new: int
    acknowledged: int


def counts() -> Counts:
    """Both tabs' counts, in one query."""
    found = Message.objects.aggregate(
        new=Count("pk", filter=_TABS["new"]),
        acknowledged=Count("pk", filter=_TABS["acknowledged"]),
    )
    return Counts(**found)


def listed(
    *, tab: Tab, search: str = "", sort: str = "created_at", descending: bool = True
) -> QuerySet[Message]:
    """A tab's messages in which `search` is found, by `sort`; as `counts` counts them.

    `sort` is a key of `SORTS`; an unknown one sorts by date.
    """
    found = Message.objects.filter(_TABS[tab], matching(search))
    order = SORTS.get(sort, "created_at")
    sign = "-" if descending else ""
    return found.order_by(f"{sign}{order}", f"{sign}id")


def matching(search: str) -> Q:
    """Messages in which every word of `search` stands: in content, sender, numbers or company."""
    found = Q()
    for word in search.split():
        found &= (
            Q(content__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(company_name__icontains=word)
            | Q(phone__icontains=word)
            | Q(caller_id__icontains=word)
        )
    return found


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
