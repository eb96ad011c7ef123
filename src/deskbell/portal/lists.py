"""What the portal's lists share: what a URL says of order and page, headers, and pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import Field, asdict, dataclass, replace
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

Row = TypeVar("Row")
Found = TypeVar("Found", bound=Model)
PER_PAGE: Final = 25
MAX_SEARCH: Final = 200
MAX_WRITTEN: Final = 40
MOST_PAGES: Final = 100_000
_MOST_DIGITS: Final = 18


class Paged(Protocol):
    """What a list was asked for, a dataclass with a page from 1; `query` is its query string."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def page(self) -> int:
        """The page, from 1."""

    @property
    def query(self) -> str:
        """The query string of the same list."""


class Sorted(Paged, Protocol):
    """One that is sorted by a column; `dir` is "asc" or "desc"."""

    @property
    def sort(self) -> str:
        """The column's name in the URL."""

    @property
    def dir(self) -> str:
        """The direction."""


Asked = TypeVar("Asked", bound=Paged)


def written(given: Mapping[str, Any], name: str, most: int = MAX_WRITTEN) -> str:
    """What was written in a field, as PostgreSQL takes it, cut to so many characters."""
    return str(given.get(name, "")).replace("\0", "")[:most].strip()


def chosen(given: Mapping[str, Any], name: str, among: Collection[str], default: str = "") -> str:
    """What was chosen among some; the default for anything else."""
    value = str(given.get(name, ""))
    return value if value in among else default


def count(given: Mapping[str, Any], name: str, *, least: int = 1, most: int = MOST_PAGES) -> int:
    """A number within bounds, as that of a page; the least for what is none."""
    text = str(given.get(name, ""))
    is_number = text.isdecimal() and len(text) <= _MOST_DIGITS
    return min(max(int(text), least), most) if is_number else least


def query_of(asked: Paged, default: Paged, *, always: Collection[str] = ()) -> str:
    """The query string without what is as in `default`, but for fields that `always` stand."""
    usual = asdict(default)
    parts = {
        name: value
        for name, value in asdict(asked).items()
        if value != usual[name] or name in always
    }
    return f"?{urlencode(parts)}" if parts else "?"


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header: where a click leads, and how the list is sorted by it now."""

    name: str
    label: str
    query: str
    order: str


def header(asked: Sorted, name: str, label: str, *, first: str) -> Header:
    """The header of a column: a click sorts by it, `first` way round, a second click the other
    way."""
    is_current = asked.sort == name
    turned = "asc" if asked.dir == "desc" else "desc"
    to = replace(asked, sort=name, dir=turned if is_current else first, page=1)
    order = {"asc": "ascending", "desc": "descending"}[asked.dir] if is_current else ""
    return Header(name, label, to.query or "?", order)


def headers(
    asked: Sorted, columns: Mapping[str, str], *, newest_first: Collection[str]
) -> list[Header]:
    """The columns by name with their labels; `newest_first` begin with the highest, or newest."""
    return [
        header(asked, name, label, first="desc" if name in newest_first else "asc")
        for name, label in columns.items()
    ]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Asked, Row]):
    """One page of a list, as its template shows it.

    `first` and `last` are numbers of rows from 1, 0 for none; `previous` and `next` query strings
    of the pages beside it, empty where there is none.
    """

    asked: Asked
    rows: Sequence[Row]
    first: int
    last: int
    total: int
    previous: str
    next: str
    headers: Sequence[Header] = ()


def listing(
    found: QuerySet[Found],
    asked: Asked,
    shown: Callable[[Sequence[Found]], Sequence[Row]],
) -> Listing[Asked, Row]:
    """The page asked for, its rows as `shown` gives them; a page past the end gives the last one.

    One query to count and one for the rows.
    """
    return page_of(found.count(), asked, lambda part: shown(list(found[part])))


def page_of(
    total: int,
    asked: Asked,
    rows: Callable[[slice], Sequence[Row]],
    *,
    size: int = PER_PAGE,
    headers: Sequence[Header] = (),
) -> Listing[Asked, Row]:
    """As `listing`, of so many rows, for whatever gives a slice of them."""
    page = min(asked.page, max(1, -(-total // size)))
    start = (page - 1) * size
    found = rows(slice(start, start + size))
    last = start + len(found)
    return Listing(
        asked=replace(asked, page=page),
        rows=found,
        first=start + 1 if found else 0,
        last=last if found else 0,
        total=total,
        previous=replace(asked, page=page - 1).query if page > 1 else "",
        next=replace(asked, page=page + 1).query if found and last < total else "",
        headers=headers,
    )
