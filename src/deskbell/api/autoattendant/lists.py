"""Lists: filters by time, sorting, pages and the links between them.

Source: seed 002, "Paging", "Filtering", "Sorting Information"; design, attendant API, "Lists".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field
from pydantic import BaseModel, create_model

from deskbell.foundation.errors import InvalidInput

from .answers import answer_of, ok
from .fields import Asked, Instant, Shown, Sid, Text, Whole, end_of_second

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 10
MOST_PER_PAGE = 100
LAST_PAGE = 1_000_000  # what bounds OFFSET
_ORDER = {"asc", "desc"}


class Paging(Asked):
    """Which page of a list."""

    page: Whole = Field(0, ge=0, le=LAST_PAGE, description="Which page, from 0.")
    page_size: Whole = Field(
        PAGE_SIZE, ge=1, le=MOST_PER_PAGE, description=f"Rows per page, {MOST_PER_PAGE} at most."
    )


class Chosen(Asked):
    """Which of a caller's enterprises is meant."""

    enterprise_sid: Sid | None = Field(None, description="Only those of this enterprise.")


class Listing(Paging, Chosen):
    """What every list takes."""

    start_time: Instant | None = Field(None, description="Only those made at this time or later.")
    end_time: Instant | None = Field(None, description="Only those made at this time or earlier.")
    start_date: Instant | None = Field(None, description="Another name of startTime.")
    end_date: Instant | None = Field(None, description="Another name of endTime.")
    sort_by: Text = Field(
        "",
        alias="SortBy",
        max_length=100,
        description="The attribute to sort by, then :asc or :desc.",
    )

    def made_between(self, path: str = "created_at") -> Q:
        """The condition on the time of creation; both ends included, to the second."""
        start, end = self.start_time or self.start_date, self.end_time or self.end_date
        wanted = Q(**{f"{path}__gte": start}) if start else Q()
        return wanted & Q(**{f"{path}__lt": end_of_second(end)}) if end else wanted

    def ordered(self, rows: QuerySet[Row], attributes: Mapping[str, str]) -> QuerySet[Row]:
        """The rows in the order that was asked for, else as they were made.

        `attributes` says which column each attribute sorts by. Raises InvalidInput.
        """
        if not self.sort_by:
            return rows.order_by("pk")
        name, colon, direction = self.sort_by.partition(":")
        if name not in attributes or (colon and direction not in _ORDER):
            raise InvalidInput(
                f"SortBy takes {', '.join(attributes)}, then :asc or :desc; not {self.sort_by!r}"
            )
        sign = "-" if direction == "desc" else ""
        return rows.order_by(f"{sign}{attributes[name]}", f"{sign}pk")


class PageFacts(BaseModel):
    """What an answer says of its page."""

    pageSize: int = Field(description="Rows per page.")  # noqa: N815 the seed's name
    total: int = Field(description="Rows on all pages.")
    page: int = Field(description="Which page this is, from 0.")
    numPages: int  # noqa: N815 as above
    start: int = Field(description="The offset of the first row; 0 on an empty page.")
    end: int = Field(description="The offset of the last row; 0 on an empty page.")
    firstPageUri: str  # noqa: N815 as above
    uri: str = Field(description="This page.")
    nextPageUri: str = Field("", description="Where there is one.")  # noqa: N815 as above
    previousPageUri: str = Field("", description="Where there is one.")  # noqa: N815 as above
    lastPageUri: str = Field("", description="Where there are several pages.")  # noqa: N815 as above


def page_of(data: type[BaseModel]) -> type[BaseModel]:
    """The shape of an answer that carries a page of a list."""
    name = f"{data.__name__}Page"
    fields: dict[str, Any] = {"result": (list[data], ...)}  # type: ignore[valid-type]  # known when it runs
    page = create_model(name, __base__=PageFacts, __doc__="A page of a list.", **fields)
    return answer_of(page)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list, and which of them is shown."""

    total: int
    page: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows come before this page's."""
        return self.page * self.size

    def facts(self, request: HttpRequest, *, slash: str = "/") -> dict[str, Any]:
        """What an answer says of its page, and the links to the others.

        `slash` stands at the end of the links' paths: the seed has one, but for usage.
        """
        count = -(-self.total // self.size)
        shown = max(0, min(self.size, self.total - self.offset))
        linked = {"firstPageUri": 0, "uri": self.page}
        if self.page + 1 < count:
            linked["nextPageUri"] = self.page + 1
        if self.page and count:
            linked["previousPageUri"] = min(self.page, count) - 1
        if count > 1:
            linked["lastPageUri"] = count - 1
        return {
            "pageSize": self.size,
            "total": self.total,
            "page": self.page,
            "numPages": count,
            "start": self.offset if shown else 0,
            "end": self.offset + shown - 1 if shown else 0,
            **{name: link(request, page, self.size, slash) for name, page in linked.items()},
        }


def link(request: HttpRequest, page: int, size: int, slash: str = "/") -> str:
    """The address of a page of the same list, filters included: `/search/?…&pageSize=10&page=0`."""
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in {"page", "pageSize"}
    ]
    query = urlencode([*kept, ("pageSize", size), ("page", page)], quote_via=quote)
    return f"{request.path.rstrip('/')}{slash}?{query}"


def listed(
    request: HttpRequest,
    rows: QuerySet[Row],
    paging: Paging,
    show: Callable[[Row], Shown],
) -> HttpResponse:
    """The answer with one page of ordered rows; two queries, and those of `rows`' prefetching."""
    pages = Pages(rows.order_by().count(), paging.page, paging.page_size)
    found = rows[pages.offset : pages.offset + pages.size] if pages.total > pages.offset else []
    return ok({"result": [show(row).written() for row in found], **pages.facts(request)})
