"""What a list of messages was asked for: the part of the URL that says tab, search, order, page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from deskbell.messages.queries import SORTS, Tab

MAX_SEARCH = 200
MOST_PAGES = 100_000
COLUMNS = {
    "id": "ID",
    "created_at": "Created At",
    "from": "From",
    "phone": "Phone",
    "message": "Message",
    "company": "Company Name",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A tab, what is searched for, the order, and the page from 1."""

    tab: Tab = "new"
    q: str = ""
    sort: str = "created_at"
    dir: str = "desc"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string or a form; what makes no sense falls back to the default."""
        page = str(given.get("page", ""))
        return cls(
            tab="acknowledged" if given.get("tab") == "acknowledged" else "new",
            q=str(given.get("q", "")).replace("\0", "")[:MAX_SEARCH].strip(),
            sort=given["sort"] if given.get("sort") in SORTS else "created_at",
            dir="asc" if given.get("dir") == "asc" else "desc",
            page=min(max(int(page), 1), MOST_PAGES) if page.isdecimal() else 1,
        )

    @property
    def is_descending(self) -> bool:
        """Whether the highest, or newest, comes first."""
        return self.dir == "desc"

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        default = Asked()
        parts = {
            name: value for name, value in asdict(self).items() if value != getattr(default, name)
        }
        return f"?{urlencode(parts)}" if parts else ""

    def on_page(self, number: int) -> Asked:
        """The same list on another page."""
        return replace(self, page=number)


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header: where a click leads, and how the list is sorted by it now."""

    name: str
    label: str
    query: str
    order: str


def headers(asked: Asked) -> list[Header]:
    """The columns; a click sorts by one, a second click turns the order round."""
    made = []
    for name, label in COLUMNS.items():
        is_current = asked.sort == name
        first = "desc" if name in {"id", "created_at"} else "asc"
        turned = "asc" if asked.dir == "desc" else "desc"
        to = replace(asked, sort=name, dir=turned if is_current else first, page=1)
        order = {"asc": "ascending", "desc": "descending"}[asked.dir] if is_current else ""
        made.append(Header(name, label, to.query or "?", order))
    return made
