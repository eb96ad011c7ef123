"""Lists of messages: searched, sorted, counted; as fast for a million messages as for ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from deskbell.platform.tenancy import current_scope

from ..models import Message
from .searching import matching
from .tallies import count_of_all, counts
from .wanted import Tab, Wanted

SORTS = {
    "id": "id",
    "created_at": "created_at",
    "from": "card__sender",
    "phone": "card__phone",
    "message": "card__opening",
    "company": "card__company",
}
MOST_COUNTED = 10_000
_DEEP = 500
# Where a search looks first, for each row that is wanted: among so many rows of the list's start.
_WINDOWS = (8, 200)
_WIDEST = 100_000
_ALL = 10**12


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
    found = _base(wanted, sort).filter(matching(wanted.search))
    return found.order_by(*_order(sort, descending=descending))


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
    One to three queries, and the one for the rows.
    """
    order = _order(sort, descending=descending)
    rows = _base(wanted, sort).order_by(*order)
    match = matching(wanted.search)
    if match:
        ids = _found(rows, match, start, size)
    elif start < _DEEP:
        return rows[start : start + size]
    else:
        ids = _deep(rows, start, size, total)
    return _base(Wanted(), sort).filter(pk__in=ids).order_by(*order)


def how_many(wanted: Wanted) -> HowMany:
    """How many messages are wanted: exact up to 10,000, and for whole tabs always."""
    if wanted == Wanted():
        return HowMany(count_of_all())
    if wanted.is_whole_tab and wanted.tab:
        return HowMany(getattr(counts(), wanted.tab))
    found = listed(wanted).order_by()[: MOST_COUNTED + 1].count()
    return HowMany(min(found, MOST_COUNTED), found <= MOST_COUNTED)


def _order(sort: str, *, descending: bool) -> tuple[str, str]:
    sign = "-" if descending else ""
    return f"{sign}{SORTS.get(sort, 'created_at')}", f"{sign}pk"


def _base(wanted: Wanted, sort: str) -> QuerySet[Message]:
    """All that is wanted but the search. Cards have their account too, for their indexes."""
    rows = Message.objects.filter(wanted.conditions())
    account_id = current_scope().account_id
    on_cards = wanted.search or SORTS.get(sort, "").startswith("card__")
    if account_id is not None and on_cards:
        rows = rows.filter(card__account_id=account_id)
    return rows


def _found(rows: QuerySet[Message], match: Q, start: int, size: int) -> Sequence[int]:
    """A page of what is searched for, among sorted rows.

    What is common stands among the first rows already. What does not is rare, or rare there: an
    index gives all of it, and that is sorted.
    """
    for wide in _WINDOWS:
        most = wide * (start + size)
        if most > _WIDEST:
            break
        near = _among(rows, rows[:most]).filter(match)
        ids = list(near.values_list("pk", flat=True)[start : start + size])
        if len(ids) == size:
            return ids
    every = _among(rows, rows.filter(match).order_by()[:_ALL])
    return list(every.values_list("pk", flat=True)[start : start + size])


def _among(rows: QuerySet[Message], some: QuerySet[Message]) -> QuerySet[Message]:
    """Some of the rows, as sorted as they are. The slice keeps the planner from mixing the two."""
    account_id = current_scope().account_id
    found = Message.objects.filter(pk__in=some.values("pk")).order_by(*rows.query.order_by)
    return found if account_id is None else found.filter(card__account_id=account_id)


def _deep(rows: QuerySet[Message], start: int, size: int, total: HowMany | None) -> Sequence[int]:
    """The ids of rows far from a list's start, counted from its end where that is nearer."""
    ids = rows.values_list("pk", flat=True)
    if total is None or not total.is_exact or start < total.count // 2:
        return list(ids[start : start + size])
    first = max(total.count - start - size, 0)
    return list(ids.reverse()[first : max(total.count - start, 0)])
