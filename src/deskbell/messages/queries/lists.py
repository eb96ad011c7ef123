"""Lists of messages: searched, sorted, counted; as fast for a million messages as for ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from deskbell.platform.tenancy import current_scope

from ..models import Message
from .patience import in_time
from .searching import Match, matching
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
_WINDOWS = (2, 8, 200)
_WIDEST = 100_000
# So few are found by an index sooner than among the rows of a list's start.
_FEW = 500
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
    found = _searched(_base(wanted, sort), matching(wanted.search).by_index)
    return found.order_by(*_order(sort, descending=descending))


@in_time
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

    `total`, where it is known, spares a search for what is not there, and makes what lies near the
    end of a long list as fast as its start. One to four queries, and the one for the rows.
    """
    if total is not None and total.is_exact and start >= total.count:
        return Message.objects.none()
    order = _order(sort, descending=descending)
    rows = _base(wanted, sort).order_by(*order)
    match = matching(wanted.search)
    if match.by_index:
        is_few = _is_scattered(wanted, sort, total) or _is_rare(total)
        ids = _found(rows, match, slice(start, start + size), () if is_few else _WINDOWS)
    elif _is_scattered(wanted, sort, total):
        ids = _ids(_among(rows, rows.order_by()[:_ALL]), slice(start, start + size))
    elif start < _DEEP:
        return rows[start : start + size]
    else:
        ids = _deep(rows, start, size, total)
    return _base(Wanted(), sort).filter(pk__in=ids).order_by(*order)


@in_time
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


def _is_on_cards(sort: str) -> bool:
    return SORTS.get(sort, "").startswith("card__")


def _is_scattered(wanted: Wanted, sort: str, total: HowMany | None) -> bool:
    """Whether few enough to be sorted may lie anywhere in the list's order, as days do not."""
    if total is None or not total.is_exact or wanted.is_whole_tab:
        return False
    days = Wanted(wanted.tab, wanted.search, wanted.since, wanted.until)
    return _is_on_cards(sort) or wanted != days


def _is_rare(total: HowMany | None) -> bool:
    return total is not None and total.is_exact and total.count <= _FEW


def _base(wanted: Wanted, sort: str) -> QuerySet[Message]:
    """All that is wanted but the search."""
    rows = Message.objects.filter(wanted.conditions())
    return _with_cards(rows) if _is_on_cards(sort) else rows


def _with_cards(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Cards have their account too, for their indexes."""
    account_id = current_scope().account_id
    return rows if account_id is None else rows.filter(card__account_id=account_id)


def _searched(rows: QuerySet[Message], match: Q) -> QuerySet[Message]:
    return _with_cards(rows).filter(match) if match else rows


def _found(
    rows: QuerySet[Message], match: Match, part: slice, windows: Sequence[int]
) -> Sequence[int]:
    """A page of what is searched for, among sorted rows.

    What is common stands among the first rows already. What does not is rare, or rare there: an
    index gives all of it, and that is sorted.
    """
    for wide in windows:
        most = wide * part.stop
        if most > _WIDEST:
            break
        ids = _ids(_searched(_among(rows, rows[:most]), match.one_by_one), part)
        if len(ids) == part.stop - part.start:
            return ids
    return _ids(_among(rows, _searched(rows, match.by_index).order_by()[:_ALL]), part)


def _ids(rows: QuerySet[Message], part: slice) -> list[int]:
    return list(rows.values_list("pk", flat=True)[part])


def _among(rows: QuerySet[Message], some: QuerySet[Message]) -> QuerySet[Message]:
    """Some of the rows, as sorted as they are. The slice keeps the planner from mixing the two."""
    order = rows.query.order_by
    found = Message.objects.filter(pk__in=some.values("pk")).order_by(*order)
    return _with_cards(found) if str(order[0]).lstrip("-").startswith("card__") else found


def _deep(rows: QuerySet[Message], start: int, size: int, total: HowMany | None) -> Sequence[int]:
    """The ids of rows far from a list's start, counted from its end where that is nearer."""
    ids = rows.values_list("pk", flat=True)
    if total is None or not total.is_exact or start < total.count // 2:
        return list(ids[start : start + size])
    first = max(total.count - start - size, 0)
    return list(ids.reverse()[first : max(total.count - start, 0)])
