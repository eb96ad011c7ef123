"""A page of a list of messages, and the tag by which a browser knows whether it is still true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages as notices
from django.db.models.functions import Left

from deskbell.accounts.rules import Right
from deskbell.calls.models import Recording
from deskbell.messages.errors import SearchTookTooLong
from deskbell.messages.models import Message
from deskbell.messages.queries import Counts, HowMany, Tab, Wanted, counts, how_many, page
from deskbell.platform.changes import version_of

from ..reports.exports.links import new_export_url
from ..rights import has
from ..tenancy import PortalRequest
from .asked import Asked, headers
from .feed import recent_feed
from .filters import narrowed

PER_PAGE: Final = 25
# What a row shows of a content that may have a megabyte.
PREVIEW: Final = 200
_SHOWN: Final = (
    "account_id",
    "status",
    "read",
    "created_at",
    "first_name",
    "last_name",
    "phone",
    "company_name",
    "is_emergency",
    "recording_id",
    "next_escalation_at",
    "escalation_counter",
    "acknowledged_at",
    "acknowledged_by",
)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a list: which ones, of how many; `heard` are those whose recording is kept."""

    rows: Sequence[Message]
    page: int
    total: HowMany
    has_next: bool

    @property
    def first(self) -> int:
        """The number of the first row, from 1; 0 for an empty list."""
        return (self.page - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def heard(self) -> set[int]:
        """The ids of the recordings that are still kept; one query where there are some."""
        ids = [row.recording_id for row in self.rows if row.recording_id]
        kept = Recording.objects.filter(pk__in=ids, removed_at=None)
        return set(kept.values_list("pk", flat=True)) if ids else set()


def slice_of(asked: Asked, wanted: Wanted, counted: Counts) -> Slice:
    """The rows asked for; a page past the end gives the last one that is known."""
    total = HowMany(getattr(counted, asked.tab)) if wanted.is_whole_tab else how_many(wanted)
    most = max(1, -(-total.count // PER_PAGE))
    number = min(asked.page, most) if total.is_exact else asked.page
    ids = _ids(asked, wanted, number, total)
    if not ids and number > 1:
        number = min(most, number - 1)
        ids = _ids(asked, wanted, number, total)
    return Slice(_rows(ids[:PER_PAGE]), number, total, len(ids) > PER_PAGE)


def _ids(asked: Asked, wanted: Wanted, number: int, total: HowMany) -> list[int]:
    """The ids of a page, and of one row more where there is one."""
    found = page(
        wanted,
        start=(number - 1) * PER_PAGE,
        size=PER_PAGE + 1,
        sort=asked.sort,
        descending=asked.is_descending,
        total=total,
    )
    return list(found.values_list("pk", flat=True))


def _rows(ids: Sequence[int]) -> list[Message]:
    """The messages with these ids, in their order, without what a list does not show."""
    found = Message.objects.filter(pk__in=ids).annotate(preview=Left("content", PREVIEW))
    by_id = {row.pk: row for row in found.only(*_SHOWN)}
    return [by_id[each] for each in ids if each in by_id]


def tag_of(request: PortalRequest) -> str:
    """An ETag that changes with anything an account's live pages show. One indexed read."""
    return f'"{request.account.pk}-{version_of(request.account.pk)}"'


def may(request: PortalRequest) -> dict[str, bool]:
    """What the person may do with messages, beside reading them, as templates ask for it."""
    return {
        "may_handle": has(request, Right.MESSAGE_HANDLING),
        "may_export": has(request, Right.MESSAGE_EXPORT),
    }


def list_context(request: PortalRequest, asked: Asked, tag: str) -> dict[str, Any]:
    """What the list's templates show. `tag` was read before the rows, so it is never too new."""
    meant = narrowed(request.account, asked)
    counted = counts()
    took_too_long = False
    try:
        found = slice_of(asked, meant.wanted, counted)
    except SearchTookTooLong as error:
        notices.warning(request, f"{error}.")
        found, took_too_long = Slice((), 1, HowMany(0), has_next=False), True
    asked = asked.on_page(found.page)
    other: Tab = "acknowledged" if asked.tab == "new" else "new"
    shown = {"notify": True} if took_too_long else {}
    return shown | {
        "asked": asked,
        "meant": meant,
        "tag": tag,
        "slice": found,
        "heard": found.heard,
        "counts": counted,
        "new_messages": counted.new,
        "headers": headers(asked),
        "export_url": new_export_url("messages", asked.filters),
        "feed": recent_feed(asked.activities),
        "tabs": {each: asked.in_tab(each).query or "?" for each in ("new", "acknowledged")},
        **may(request),
        "elsewhere": asked.in_tab(other).query or "?",
        "previous": asked.on_page(found.page - 1).query or "?" if found.page > 1 else "",
        "next": asked.on_page(found.page + 1).query if found.has_next else "",
    }
