"""Lists of the operator's, which hold everybody's: searched, sorted and cut by the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse

from ..attendant.listing import PER_PAGE, Asked, Column, as_csv
from ..lists import Listing, header, page_of
from ..tenancy import PortalRequest

Found = TypeVar("Found", bound=Model)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Table(Generic[Found, Row]):
    """A list as a table: its columns, the fields by which each sorts, and what is searched.

    `has` says which rows have a word that was typed; `shown` makes what columns and templates
    read of a page's rows, in one go.
    """

    columns: Sequence[Column[Row]]
    orders: Mapping[str, Sequence[str]]
    has: Callable[[str], Q]
    shown: Callable[[Sequence[Found]], Sequence[Row]]

    def page(self, rows: QuerySet[Found], asked: Asked) -> Listing[Asked, Row]:
        """The page of the rows that was asked for; two queries and those of `shown`."""
        found, by = self._found(rows, asked), self._sorted_by(asked)
        heads = [header(by, each.name, each.label, first=each.first) for each in self.columns]
        return page_of(
            found.count(),
            asked,
            lambda part: self.shown(list(found[part])),
            size=PER_PAGE,
            headers=heads,
        )

    def csv(self, rows: QuerySet[Found], asked: Asked, name: str) -> HttpResponse:
        """All rows that were searched for, as a file for a spreadsheet."""
        return as_csv(self.shown(list(self._found(rows, asked))), self.columns, name)

    def _found(self, rows: QuerySet[Found], asked: Asked) -> QuerySet[Found]:
        for word in asked.q.split():
            rows = rows.filter(self.has(word))
        by = self._sorted_by(asked)
        sign = "-" if by.dir == "desc" else ""
        return rows.order_by(*(f"{sign}{field}" for field in self.orders[by.sort]), "pk")

    def _sorted_by(self, asked: Asked) -> Asked:
        column = next((each for each in self.columns if each.name == asked.sort), self.columns[0])
        return replace(asked, sort=column.name, dir=asked.dir or column.first)


def any_has(word: str, *fields: str) -> Q:
    """Rows one of whose fields has a word, in any case."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found


def wants_csv(request: PortalRequest) -> bool:
    """Whether the list was asked for as a file."""
    return bool(request.GET.get("format") == "csv")


def context_of(listing: Listing[Any, Any], rows: QuerySet[Any]) -> dict[str, Any]:
    """What a list's template needs: the list, and whether there is anything at all."""
    is_narrowed = bool(listing.asked.q or listing.asked.show)
    return {"list": listing, "is_empty": not listing.total and not (is_narrowed and rows.exists())}
