"""A page of a list of messages, and the tag by which a browser knows whether it is still true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deskbell.messages.models import Message
from deskbell.messages.queries import counts, listed, recent_activities
from deskbell.platform.changes import version_of

from ..tenancy import PortalRequest
from .asked import Asked, headers

PER_PAGE = 25
RECENT = 30


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a list: which ones, of how many."""

    rows: Sequence[Message]
    page: int
    total: int

    @property
    def first(self) -> int:
        """The number of the first row, from 1; 0 for an empty list."""
        return (self.page - 1) * PER_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row."""
        return min(self.page * PER_PAGE, self.total)

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.last < self.total


def slice_of(asked: Asked) -> Slice:
    """The rows asked for, in two queries; a page past the end gives the last one."""
    found = listed(tab=asked.tab, search=asked.q, sort=asked.sort, descending=asked.is_descending)
    total = found.count()
    page = min(asked.page, max(1, -(-total // PER_PAGE)))
    start = (page - 1) * PER_PAGE
    return Slice(list(found[start : start + PER_PAGE]), page, total)


def tag_of(request: PortalRequest) -> str:
    """An ETag that changes with anything an account's live pages show. One indexed read."""
    return f'"{request.account.pk}-{version_of(request.account.pk)}"'


def list_context(asked: Asked, tag: str) -> dict[str, Any]:
    """What the list's templates show. `tag` was read before the rows, so it is never too new."""
    found = slice_of(asked)
    asked = asked.on_page(found.page)
    counted = counts()
    return {
        "asked": asked,
        "tag": tag,
        "slice": found,
        "counts": counted,
        "new_messages": counted.new,
        "headers": headers(asked),
        "activities": recent_activities(RECENT),
        "previous": asked.on_page(found.page - 1).query if found.page > 1 else None,
        "next": asked.on_page(found.page + 1).query if found.has_next else None,
    }
