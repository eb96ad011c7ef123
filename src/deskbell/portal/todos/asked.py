"""What a list of To Dos was asked for: search, filters, order and page, as the URL says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from ..attendant.listing import Header

MAX_SEARCH: Final = 200
MOST_PAGES: Final = 100_000
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
        page = str(given.get("page", ""))
        sort = given["sort"] if given.get("sort") in COLUMNS else "created_at"
        first = "desc" if sort in NEWEST_FIRST else "asc"
        return cls(
            q=str(given.get("q", "")).replace("\0", "")[:MAX_SEARCH].strip(),
            kind=given["kind"] if given.get("kind") in KINDS else "",
            state=given["state"] if given.get("state") in STATES else "",
            sort=sort,
            dir=given["dir"] if given.get("dir") in {"asc", "desc"} else first,
            page=min(max(int(page), 1), MOST_PAGES) if page.isdecimal() else 1,
        )

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        default = asdict(Asked())
        parts = {name: value for name, value in asdict(self).items() if value != default[name]}
        if self.sort != default["sort"]:
            parts["dir"] = self.dir
        return f"?{urlencode(parts)}" if parts else "?"

    @property
    def is_descending(self) -> bool:
        """Whether the newest, or the last, comes first."""
        return self.dir == "desc"

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves any out."""
        return bool(self.q or self.kind or self.state)

    def on_page(self, number: int) -> Asked:
        """The same list on another page."""
        return replace(self, page=number)


def headers(asked: Asked) -> list[Header]:
    """The columns; a click sorts by one, a second click turns the order round."""
    made = []
    for name, label in COLUMNS.items():
        is_current = asked.sort == name
        first = "desc" if name in NEWEST_FIRST else "asc"
        turned = "asc" if asked.is_descending else "desc"
        to = replace(asked, sort=name, dir=turned if is_current else first, page=1)
        order = {"asc": "ascending", "desc": "descending"}[asked.dir] if is_current else ""
        made.append(Header(name, label, to.query, order))
    return made
