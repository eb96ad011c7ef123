"""What a list of To Dos was asked for: search, filters, order and page, as the URL says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..lists import MAX_SEARCH, Header, chosen, count, query_of, written
from ..lists import headers as headers_of

KINDS: Final = {"sms": "Texts", "email": "Emails", "call": "Calls"}
STATES: Final = {"active": "Active", "paused": "Paused", "done": "Ended"}
COLUMNS: Final = {
    "contact": "To Do",
    "next": "Next run",
    "previous": "Last run",
    "created_at": "Made",
}
NEWEST_FIRST: Final = {"previous", "created_at"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for, which kind and state, the order, and the page from 1."""

    q: str = ""
    kind: str = ""
    state: str = ""
    sort: str = "created_at"
    dir: str = "desc"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        sort = chosen(given, "sort", COLUMNS, "created_at")
        first = "desc" if sort in NEWEST_FIRST else "asc"
        return cls(
            q=written(given, "q", MAX_SEARCH),
            kind=chosen(given, "kind", KINDS),
            state=chosen(given, "state", STATES),
            sort=sort,
            dir=chosen(given, "dir", {"asc", "desc"}, first),
            page=count(given, "page"),
        )

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        default = Asked()
        return query_of(self, default, always={"dir"} if self.sort != default.sort else ())

    @property
    def is_descending(self) -> bool:
        """Whether the newest, or the last, comes first."""
        return self.dir == "desc"

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves any out."""
        return bool(self.q or self.kind or self.state)


def headers(asked: Asked) -> list[Header]:
    """The columns; a click sorts by one, a second click turns the order round."""
    return headers_of(asked, COLUMNS, newest_first=NEWEST_FIRST)
