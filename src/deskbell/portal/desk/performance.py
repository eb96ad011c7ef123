"""How receptionists did: supervisors see everybody, a receptionist themself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from deskbell.accounts.models import Staff
from deskbell.desk import queries
from deskbell.desk.queries import Performance
from deskbell.foundation.clock import now
from deskbell.foundation.dates import date_words
from deskbell.foundation.errors import NotAllowed

from ..attendant.listing import Column, as_csv
from ..days import read_days
from ..lists import chosen, headers, query_of, written
from ..pages import page
from ..tenancy import PortalRequest
from .frame import STAFF_ONLY
from .settings.frame import tabs

MOST_DAYS: Final = 366
_NONE: Final = timedelta(0)
_COUNTS: Final = {
    "offered": "Rung",
    "answered": "Answered",
    "missed": "Missed",
    "refused": "Refused",
    "transfers": "Transfers",
    "messages": "Messages",
}
_TIMES: Final = {
    "mean_answer": "Answer, mean",
    "slow_answer": "Answer, nine of ten",
    "talk": "Talk",
    "hold": "Hold",
    "wrap": "Wrap-up",
    "available": "Available",
    "away": "Away",
}
COLUMNS: Final = {"name": "Receptionist", **_COUNTS, **_TIMES}


@dataclass(frozen=True, slots=True)
class Asked:
    """The days as written, and the order; `page` is there for what lists share."""

    from_date: str = ""
    to_date: str = ""
    sort: str = "name"
    dir: str = "asc"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense of order falls back to the default."""
        return cls(
            from_date=written(given, "from_date"),
            to_date=written(given, "to_date"),
            sort=chosen(given, "sort", COLUMNS, "name"),
            dir=chosen(given, "dir", {"desc"}, "asc"),
        )

    @property
    def query(self) -> str:
        """The query string of the same page."""
        return query_of(self, Asked())


def _seconds(column: str) -> Column[Performance]:
    def said(each: Performance) -> str:
        span = getattr(each, column)
        return "" if span is None else f"{round(span.total_seconds())}"

    return Column(column, f"{_TIMES[column]} (s)", said)


def _count(column: str) -> Column[Performance]:
    return Column(column, _COUNTS[column], lambda each: f"{getattr(each, column)}")


CSV: Final[Sequence[Column[Performance]]] = (
    Column("name", COLUMNS["name"], lambda each: str(each.receptionist)),
    *(_count(each) for each in _COUNTS),
    *(_seconds(each) for each in _TIMES),
)


@dataclass(frozen=True, slots=True)
class Share:
    """A box of a receptionist's bar: which standing, and where it lies, in percent."""

    tone: str
    words: str
    x: float
    width: float


def bar_of(each: Performance) -> Sequence[Share]:
    """How somebody's time at the desk was spent, in a call, wrapping up or available."""
    spans = {
        "call": ("In a call", each.in_call),
        "wrap": ("Wrapping up", each.wrapping),
        "free": ("Available", each.available),
    }
    whole = sum((span for _, span in spans.values()), _NONE)
    boxes: list[Share] = []
    for tone, (words, span) in spans.items() if whole else ():
        x = boxes[-1].x + boxes[-1].width if boxes else 0.0
        boxes.append(Share(tone, words, x, round(100 * (span / whole), 2)))
    return boxes


@require_GET
@page
def performance(request: PortalRequest) -> HttpResponse:
    """Everybody's figures for operators, one's own for a receptionist; today where no days are
    asked for. Days that are wrong are told beside their field."""
    if not request.user.is_staff_member:
        raise NotAllowed(STAFF_ONLY)
    asked, at = Asked.read(request.GET), now()
    errors: dict[str, str] = {}
    first, last = _days(asked, timezone.localdate(at), errors)
    is_everybody = request.user.staff == Staff.OPERATOR
    found = queries.performance(
        _midnight(first),
        _midnight(last + timedelta(days=1)),
        at,
        user_id=None if is_everybody else request.user.pk,
    )
    found = sorted(found, key=lambda each: _key(each, asked.sort), reverse=asked.dir == "desc")
    if request.GET.get("format") == "csv" and not errors:
        return as_csv(found, CSV, "receptionists")
    context = {
        "asked": asked,
        "errors": errors,
        "since": asked.from_date or first.isoformat(),
        "until": asked.to_date or last.isoformat(),
        "headers": headers(asked, COLUMNS, newest_first=set(COLUMNS) - {"name"}),
        "rows": [(each, bar_of(each)) for each in found],
        "is_everybody": is_everybody,
        "csv": f"{replace(asked, page=1).query}&format=csv",
        "tabs": tabs(request),
    }
    return render(request, "portal/desk/performance.html", context)


def _days(asked: Asked, today: date, errors: dict[str, str]) -> tuple[date, date]:
    read = read_days(asked.from_date, asked.to_date, errors)
    most = timedelta(days=MOST_DAYS - 1)
    if read.first and read.last and read.last - read.first > most:
        latest = date_words(read.first + most)
        errors["to_date"] = f"A year at most: choose {latest} or an earlier day."
        return today, today
    first = read.first or read.last or today
    return first, read.last or max(first, min(today, first + most))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _key(each: Performance, column: str) -> Any:
    if column == "name":
        return str(each.receptionist).casefold()
    value = getattr(each, column)
    return _NONE if value is None else value
