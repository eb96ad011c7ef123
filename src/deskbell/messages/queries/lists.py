"""Lists of messages: searched, sorted, counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ..models import Message
from .tallies import counts
from .wanted import Tab, Wanted

SORTS = {
    "id": "id",
    "created_at": "created_at",
    "from": "first_name",
    "phone": "phone",
    "message": "content",
    "company": "company_name",
}
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many there are; where it is not exact there are more than `count`."""

    count: int
    is_exact: bool = True


def listed(
    wanted: Wanted | None = None,
    *,
    tab: Tab | None = None,
    search: str = "",
    sort: str = "created_at",
    descending: bool = True,
) -> QuerySet[Message]:
    """The messages that are wanted, by `sort`, a key of `SORTS`; an unknown one sorts by date.

    For a page of a list use `page`, which is fast anywhere in a million. `tab` and `search` are
    what `wanted` says, for callers that have only those.
    """
    wanted = wanted or Wanted(tab=tab, search=search)
    found = Message.objects.filter(wanted.conditions(), matching(wanted.search))
    order = SORTS.get(sort, "created_at")
    sign = "-" if descending else ""
    return found.order_by(f"{sign}{order}", f"{sign}id")


def page(
    wanted: Wanted,
    *,
    start: int,
    size: int,
    sort: str = "created_at",
    descending: bool = True,
    total: HowMany | None = None,
) -> QuerySet[Message]:
    """`size` messages of a list from its row number `start` (from 0) on, in its order.

    `total`, where it is known, makes what lies near the end of a long list as fast as its start.
    """
    return listed(wanted, sort=sort, descending=descending)[start : start + size]


def how_many(wanted: Wanted) -> HowMany:
    """How many messages are wanted: exact up to 10,000, and for whole tabs always."""
    if wanted.is_whole_tab and wanted.tab:
        return HowMany(getattr(counts(), wanted.tab))
    found = listed(wanted).order_by()[: MOST_COUNTED + 1].count()
    return HowMany(min(found, MOST_COUNTED), found <= MOST_COUNTED)


def matching(search: str) -> Q:
    """Messages in which every word of `search` stands: in content, sender, numbers or company."""
    found = Q()
    for word in search.replace("\0", "").split():
        found &= (
            Q(content__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(company_name__icontains=word)
            | Q(phone__icontains=word)
            | Q(caller_id__icontains=word)
        )
    return found
