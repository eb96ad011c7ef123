"""Lists of a plan's parts: what was searched for, how it is sorted, and which page of it shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse

Row = TypeVar("Row")
PER_PAGE = 50
MAX_SEARCH = 200
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its name in the URL, its header, what it says of a row, and how it sorts.

    `first` is the direction that a first click gives.
    """

    name: str
    label: str
    said: Callable[[Row], str]
    order: Callable[[Row], Any] | None = None
    first: str = "asc"


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of the URL that says what a list shows; `page` from 1.

    Without `sort` the first column decides, and without `dir` the column's own direction.
    """

    q: str = ""
    show: str = ""
    sort: str = ""
    dir: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        page = str(given.get("page", ""))
        return cls(
            q=str(given.get("q", "")).replace("\0", "")[:MAX_SEARCH].strip(),
            show=str(given.get("show", ""))[:40],
            sort=str(given.get("sort", ""))[:40],
            dir=given["dir"] if given.get("dir") in {"asc", "desc"} else "",
            page=min(max(int(page), 1), MOST_PAGES) if page.isdecimal() else 1,
        )

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        default = asdict(Asked())
        parts = {name: value for name, value in asdict(self).items() if value != default[name]}
        return f"?{urlencode(parts)}" if parts else "?"

    def showing(self, show: str) -> Asked:
        """The same list with another filter."""
        return replace(self, show=show, page=1)


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header: where a click leads, and how the list is sorted by it now."""

    name: str
    label: str
    query: str
    order: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a list, as its template shows it."""

    asked: Asked
    rows: Sequence[Row]
    headers: Sequence[Header]
    first: int
    last: int
    total: int
    previous: str
    next: str


def listed(rows: Sequence[Row], columns: Sequence[Column[Row]], asked: Asked) -> Listing[Row]:
    """The rows that have every word searched for in some column, sorted, one page of them."""
    found = in_order(rows, columns, asked)
    page = min(asked.page, max(1, -(-len(found) // PER_PAGE)))
    asked = replace(asked, page=page)
    start = (page - 1) * PER_PAGE
    shown = found[start : start + PER_PAGE]
    last = start + len(shown)
    return Listing(
        asked=asked,
        rows=shown,
        headers=[_header(column, columns, asked) for column in columns],
        first=start + 1 if shown else 0,
        last=last,
        total=len(found),
        previous=replace(asked, page=page - 1).query if page > 1 else "",
        next=replace(asked, page=page + 1).query if last < len(found) else "",
    )


def in_order(rows: Sequence[Row], columns: Sequence[Column[Row]], asked: Asked) -> list[Row]:
    """All rows that are searched for, sorted; the first column decides where none is chosen."""
    words = asked.q.casefold().split()
    found = [row for row in rows if _has(row, columns, words)] if words else list(rows)
    column, direction = _sorting(columns, asked)
    order = column.order or (lambda row: column.said(row).casefold())
    return sorted(found, key=order, reverse=direction == "desc")


def _sorting(columns: Sequence[Column[Row]], asked: Asked) -> tuple[Column[Row], str]:
    column = next((each for each in columns if each.name == asked.sort), columns[0])
    return column, asked.dir or column.first


def _has(row: Row, columns: Sequence[Column[Row]], words: Sequence[str]) -> bool:
    text = "\n".join(column.said(row) for column in columns).casefold()
    return all(word in text for word in words)


def _header(column: Column[Row], columns: Sequence[Column[Row]], asked: Asked) -> Header:
    current, direction = _sorting(columns, asked)
    is_current = current is column
    turned = "asc" if direction == "desc" else "desc"
    to = replace(asked, sort=column.name, dir=turned if is_current else column.first, page=1)
    order = {"asc": "ascending", "desc": "descending"}[direction] if is_current else ""
    return Header(column.name, column.label, to.query, order)


def as_csv(rows: Sequence[Row], columns: Sequence[Column[Row]], name: str) -> HttpResponse:
    """The rows as a CSV file for a spreadsheet; a cell that would be a formula is made text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.label for column in columns])
    for row in rows:
        writer.writerow([_harmless(column.said(row)) for column in columns])
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _harmless(cell: str) -> str:
    is_number = cell[:1] == "+" and not cell[1:].strip("0123456789 ().-")
    starts_formula = cell[:1] in {"=", "@", "\t", "\r", "-", "+"} and not is_number
    return f"'{cell}" if starts_formula else cell
