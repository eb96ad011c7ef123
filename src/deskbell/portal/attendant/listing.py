"""Lists of a plan's parts: what was searched for, how it is sorted, and which page of it shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.http import HttpResponse

from deskbell.reports.cells import harmless

from ..lists import MAX_SEARCH, Listing, chosen, count, header, page_of, query_of, written

Row = TypeVar("Row")
PER_PAGE = 50


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
        return cls(
            q=written(given, "q", MAX_SEARCH),
            show=str(given.get("show", ""))[:40],
            sort=str(given.get("sort", ""))[:40],
            dir=chosen(given, "dir", {"asc", "desc"}),
            page=count(given, "page"),
        )

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        return query_of(self, Asked())

    def showing(self, show: str) -> Asked:
        """The same list with another filter."""
        return replace(self, show=show, page=1)


def listed(
    rows: Sequence[Row], columns: Sequence[Column[Row]], asked: Asked
) -> Listing[Asked, Row]:
    """The rows that have every word searched for in some column, sorted, one page of them."""
    found = in_order(rows, columns, asked)
    column, direction = _sorting(columns, asked)
    sorted_by = replace(asked, sort=column.name, dir=direction)
    made = [header(sorted_by, each.name, each.label, first=each.first) for each in columns]
    return page_of(len(found), asked, found.__getitem__, size=PER_PAGE, headers=made)


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


def as_csv(rows: Sequence[Row], columns: Sequence[Column[Row]], name: str) -> HttpResponse:
    """The rows as a CSV file for a spreadsheet; a cell that would be a formula is made text."""
    file = io.StringIO()
    file.write("\ufeff")  # so that Excel reads UTF-8
    writer = csv.writer(file)
    writer.writerow([column.label for column in columns])
    for row in rows:
        writer.writerow([harmless(column.said(row)) for column in columns])
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
