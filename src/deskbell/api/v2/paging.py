"""Pages of a list: which one is asked for, and the headers that lead to the others.

Source: design, portal API, "Messages"; RFC 8288 (Link).
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

Row = TypeVar("Row", bound=Model)
MOST_PER_PAGE = 200
LAST_PAGE = 1_000_000  # what bounds OFFSET


class Paging(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=LAST_PAGE, description="The page, from 1.")
    per_page: int = Field(
        25, ge=1, le=MOST_PER_PAGE, description=f"How many on a page, {MOST_PER_PAGE} at most."
    )

    def of(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The page's part of ordered rows."""
        start = (self.page - 1) * self.per_page
        return rows[start : start + self.per_page]


def lead_on(response: HttpResponse, request: HttpRequest, paging: Paging, total: int) -> None:
    """Sets `X-Total-Count` and `Link` (first, prev, next, last) on the answer of a list."""
    last = max(1, -(-total // paging.per_page))
    pages = {"first": 1, "last": last}
    if paging.page > 1:
        pages["prev"] = min(paging.page - 1, last)
    if paging.page < last:
        pages["next"] = paging.page + 1
    response.headers["X-Total-Count"] = str(total)
    response.headers["Link"] = ", ".join(
        f'<{_url(request, page)}>; rel="{relation}"' for relation, page in pages.items()
    )


def _url(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
