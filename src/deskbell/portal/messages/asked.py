"""What a list of messages was asked for: the part of the URL that says tab, search, filters, order
and page.

It holds what was written, right or wrong; `filters` says what that means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.http import QueryDict

from deskbell.messages.queries import SORTS, Tab
from deskbell.reports.messages import STATUSES

from ..lists import Header, chosen, count, query_of, written
from ..lists import headers as headers_of

MAX_SEARCH: Final = 400
ACTIVITIES: Final = 30
MOST_ACTIVITIES: Final = 300
COLUMNS: Final = {
    "id": "ID",
    "created_at": "Created At",
    "from": "From",
    "phone": "Phone",
    "message": "Message",
    "company": "Company Name",
}
NEWEST_FIRST: Final = {"id", "created_at"}
FILTERS: Final = ("from_date", "to_date", "number", "status", "emergency", "recording")


@dataclass(frozen=True, slots=True)
class Asked:
    """A tab, what is searched for, the filters as written, the order, the page from 1.

    `emergency` and `recording` are "yes" where only such messages are wanted. `activities` is how
    many of those beside the list show.
    """

    tab: Tab = "new"
    q: str = ""
    from_date: str = ""
    to_date: str = ""
    number: str = ""
    status: str = ""
    emergency: str = ""
    recording: str = ""
    sort: str = "created_at"
    dir: str = "desc"
    page: int = 1
    activities: int = ACTIVITIES

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string or a form; what makes no sense falls back to the default.

        A form may send the whole query string as `list`.
        """
        if "list" in given:
            given = QueryDict(str(given["list"])[:5000].removeprefix("?"))
        tab: Tab = "acknowledged" if given.get("tab") == "acknowledged" else "new"
        return cls(
            tab=tab,
            q=written(given, "q", MAX_SEARCH),
            from_date=written(given, "from_date"),
            to_date=written(given, "to_date"),
            number=written(given, "number"),
            status=chosen(given, "status", STATUSES) if tab == "new" else "",
            emergency=chosen(given, "emergency", {"yes"}),
            recording=chosen(given, "recording", {"yes"}),
            sort=chosen(given, "sort", SORTS, "created_at"),
            dir="asc" if given.get("dir") == "asc" else "desc",
            page=count(given, "page"),
            activities=count(given, "activities", least=ACTIVITIES, most=MOST_ACTIVITIES),
        )

    @property
    def is_descending(self) -> bool:
        """Whether the highest, or newest, comes first."""
        return self.dir == "desc"

    @property
    def is_narrowed(self) -> bool:
        """Whether something is searched for or filtered by."""
        return bool(self.q or self.filter_count)

    @property
    def filter_count(self) -> int:
        """How many filters are in use, right or wrong."""
        return sum(bool(getattr(self, name)) for name in FILTERS)

    @property
    def filters(self) -> dict[str, str]:
        """Which messages are wanted, as it was written, without order and place."""
        return {name: getattr(self, name) for name in ("tab", "q", *FILTERS)}

    @property
    def order(self) -> list[tuple[str, str | int]]:
        """What a search keeps beside its words and filters, by its names in the URL."""
        kept = ("tab", "sort", "dir", "activities")
        return [(name, getattr(self, name)) for name in kept]

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default; "" for the default."""
        return query_of(self, Asked()).removesuffix("?")

    @property
    def whole(self) -> Asked:
        """The same list without a place in it: what is saved, and what is exported."""
        return replace(self, page=1, activities=ACTIVITIES)

    @property
    def cleared(self) -> Asked:
        """The same tab in the same order, without search and filters."""
        return Asked(tab=self.tab, sort=self.sort, dir=self.dir, activities=self.activities)

    @property
    def unfiltered(self) -> Asked:
        """The same search without filters."""
        return replace(self.cleared, q=self.q)

    @property
    def with_older(self) -> Asked | None:
        """The same with more activities beside it; None where no more are shown there."""
        if self.activities >= MOST_ACTIVITIES:
            return None
        return replace(self, activities=min(self.activities + ACTIVITIES, MOST_ACTIVITIES))

    def on_page(self, number: int) -> Asked:
        """The same list on another page."""
        return replace(self, page=number)

    def in_tab(self, tab: Tab) -> Asked:
        """The same search in a tab, from its first page."""
        return replace(self, tab=tab, status=self.status if tab == "new" else "", page=1)

    def without(self, name: str) -> Asked:
        """The same list with a filter less, from its first page."""
        return Asked.read({**asdict(self), name: "", "page": 1})


def headers(asked: Asked) -> list[Header]:
    """The columns; a click sorts by one, a second click turns the order round."""
    return headers_of(asked, COLUMNS, newest_first=NEWEST_FIRST)
