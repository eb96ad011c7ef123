"""Pages of a list: which one is asked for, and the headers that lead to the others.

Source: design, portal API, "Messages"; RFC 8288 (Link).
"""

from __future__ import annotations

from typing import Final, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

Row = TypeVar("Row", bound=Model)
MOST_PER_PAGE = 200
LAST_PAGE = 1_000_000  # what bounds OFFSET
NOTHING: Final = b'{"data":[]}'


class Paging(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=LAST_PAGE, description="The page, from 1.")
    per_page: int = Field(
        25, ge=1, le=MOST_PER_PAGE, description=f"How many on a page, {MOST_PER_PAGE} at most."
    )

    @property
    def start(self) -> int:
        """The number of the page's first row, from 0."""
        return (self.page - 1) * self.per_page

    def of(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The page's part of ordered rows."""
        return rows[self.start : self.start + self.per_page]


class Counted(Protocol):
    """How many rows a list has, as a room's queries say it."""

    @property
    def count(self) -> int:
        """How many, or the most that were counted."""

    @property
    def is_exact(self) -> bool:
        """Whether that is all of them."""


def lead_on(
    response: HttpResponse, request: HttpRequest, paging: Paging, total: int | Counted
) -> None:
    """Sets `X-Total-Count` and `Link` (first, prev, next, last) on the answer of a list.

    Where there are more than were counted, `X-Total-Count-Exact` is false; then there is no `last`,
    and `next` leads on until a page is empty.
    """
    counted, is_exact = (total, True) if isinstance(total, int) else (total.count, total.is_exact)
    last = max(1, -(-counted // paging.per_page))
    pages = {"first": 1}
    if paging.page > 1:
        pages["prev"] = min(paging.page - 1, last) if is_exact else paging.page - 1
    if is_exact:
        pages["last"] = last
    has_next = paging.page < last if is_exact else response.content != NOTHING
    if has_next and paging.page < LAST_PAGE:
        pages["next"] = paging.page + 1
    response.headers["X-Total-Count"] = str(counted)
    if not is_exact:
        response.headers["X-Total-Count-Exact"] = "false"
    response.headers["Link"] = ", ".join(
        f'<{_url(request, page)}>; rel="{relation}"' for relation, page in pages.items()
    )


def _url(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
