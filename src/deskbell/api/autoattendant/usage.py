"""Usage: how many numbers an enterprise had. Source: seed 002, "Usage Records"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Path, Query, Router
from pydantic import BaseModel, BeforeValidator

from deskbell.accounts.models import Account
from deskbell.accounts.queries import usage
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import system_scope

from .answers import declared
from .auth import ANY_ROLE, CallerRequest
from .callers import Caller
from .fields import Shown, Text, Whole, read_day
from .lists import LAST_PAGE, MOST_PER_PAGE, PAGE_SIZE, Chosen, Pages
from .records import BASE

router = Router(tags=["Usage records"])
PATH: Final = "/phonenumber/usage/records"
Span = tuple[date, date]
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unit:
    """How days are put together: periods are counted, and `start_of` says where each begins."""

    count_of: Callable[[date], int]
    start_of: Callable[[int], date]
    by_default: int

    def default_start(self, end: date) -> date:
        """Where the span begins that ends at `end` and is shown when none is asked for."""
        return self.start_of(self.count_of(end) - self.by_default + 1)

    def spans(self, whole: Span, pages: Pages) -> list[Span]:
        """The periods of one page, cut to the days that were asked for."""
        first = self.count_of(whole[0]) + pages.offset
        after = min(first + pages.size, self.count_of(whole[1]) + 1)
        return [
            (max(whole[0], self.start_of(n)), min(whole[1], self.start_of(n + 1) - _DAY))
            for n in range(first, after)
        ]

    def total(self, whole: Span) -> int:
        """How many periods the days touch."""
        return self.count_of(whole[1]) - self.count_of(whole[0]) + 1


UNITS: Final[Mapping[str, Unit]] = {
    "daily": Unit(date.toordinal, date.fromordinal, 30),
    "monthly": Unit(
        lambda day: day.year * 12 + day.month - 1, lambda n: date(n // 12, n % 12 + 1, 1), 12
    ),
    "yearly": Unit(lambda day: day.year, lambda n: date(n, 1, 1), 2),
}
SINGLE: Final[Mapping[str, Callable[[date], Span]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - _DAY, today - _DAY),
    "thismonth": lambda today: (today.replace(day=1), today),
    "lastmonth": lambda today: (
        (today.replace(day=1) - _DAY).replace(day=1),
        today.replace(day=1) - _DAY,
    ),
}
Subresource = Annotated[
    Literal["daily", "monthly", "yearly", "today", "yesterday", "thismonth", "lastmonth"],
    BeforeValidator(lambda text: str(text).lower()),
    Path(),
]


class UsageRecord(Shown):
    """How many numbers existed at any moment of some days, in UTC."""

    category: Literal["phonenumbers"] = "phonenumbers"
    description: str = "Total Numbers created"
    enterprise_sid: str | None = Field(
        default=None, description="Where one enterprise was asked for."
    )
    start_date: str = Field(description="The first day, as 2019-07-01.")
    end_date: str = Field(description="The last day.")
    as_of: str = Field(description="When it was counted, as 2019-07-23T10:00:00+00:00.")
    count: str
    count_unit: Literal["numbers"] = "numbers"
    usage: str
    usage_unit: Literal["numbers"] = "numbers"
    uri: str


class UsagePage(BaseModel):
    """A page of usage; without an envelope."""

    usageRecords: list[UsageRecord]  # noqa: N815 the seed's name
    pageSize: int  # noqa: N815 as above
    total: int
    page: int
    numPages: int  # noqa: N815 as above
    start: int
    end: int
    firstPageUri: str  # noqa: N815 as above
    uri: str


class UsageFilters(Chosen):
    """Which days to count. `-30days` is 30 days before today."""

    start_time: Text = Field("", max_length=40, description="The first day, as 2019-07-01.")
    end_time: Text = Field("", max_length=40, description="The last day, as 2019-07-23 or +30days.")
    start_date: Text = Field("", max_length=40, description="Another name of startTime.")
    end_date: Text = Field("", max_length=40, description="Another name of endTime.")
    page: Whole = Field(0, ge=0, le=LAST_PAGE, description="Which page, from 0.")
    page_size: Whole | None = Field(
        None,
        ge=1,
        le=MOST_PER_PAGE,
        description="Records per page, 10 without; without dates all are shown.",
    )

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and last day that were asked for. Raises InvalidInput."""
        return (
            _day("startTime", self.start_time, today) or _day("startDate", self.start_date, today),
            _day("endTime", self.end_time, today) or _day("endDate", self.end_date, today),
        )


@router.get(PATH, auth=ANY_ROLE, summary="Get usage", **declared(UsagePage, 400, 454, 467))
def get_usage(request: CallerRequest, filters: Query[UsageFilters]) -> HttpResponse:
    """One record: the numbers of the days asked for; left out, of this month up to today."""
    today = clock.now().date()
    whole = _whole(filters, today, lambda end: end.replace(day=1))
    pages = Pages(1, filters.page, filters.page_size or PAGE_SIZE)
    return _answer(request, filters, [whole][pages.offset :], pages, PATH)


@router.get(
    PATH + "/{subresource}",
    auth=ANY_ROLE,
    summary="Get usage by day, month or year",
    **declared(UsagePage, 400, 404, 454, 467),
)
def get_usage_by(
    request: CallerRequest, subresource: Subresource, filters: Query[UsageFilters]
) -> HttpResponse:
    """One record for each day, month or year; or the one of today, yesterday, this or last month.

    Left out, the dates are the last 30 days, 12 months, or this year and the one before.
    """
    today = clock.now().date()
    path = f"{PATH}/{subresource}"
    size = filters.page_size or PAGE_SIZE
    if subresource in SINGLE:
        pages = Pages(1, filters.page, size)
        only = [SINGLE[subresource](today)]
        return _answer(request, filters, only[pages.offset :], pages, path)
    unit = UNITS[subresource]
    whole = _whole(filters, today, unit.default_start)
    total = unit.total(whole)
    if not filters.page_size and filters.days(today) == (None, None):
        size = total
    pages = Pages(total, filters.page, size)
    return _answer(request, filters, unit.spans(whole, pages), pages, path)


def _day(field: str, text: str, today: date) -> date | None:
    try:
        return read_day(text, today=today) if text.strip() else None
    except ValueError as error:
        raise InvalidInput(
            f"{field} takes a day as 2019-07-01, or one from today as -30days", field=field
        ) from error


def _whole(filters: UsageFilters, today: date, begin: Callable[[date], date]) -> Span:
    """The days that are counted; `begin` says where they begin by default."""
    start, end = filters.days(today)
    end = end or max(today, start or today)
    start = start or begin(end)
    if end < start:
        field = "endTime" if filters.end_time else "endDate"
        raise InvalidInput("The last day is before the first", field=field)
    return start, end


def _account(caller: Caller, sid: str | None) -> Account | None:
    """The one enterprise that is counted, if it is one."""
    if sid:
        return caller.account(sid)
    if caller.is_operator or len(caller.rights) != 1:
        return None
    return Account.objects.get(pk=next(iter(caller.rights)))


def _answer(
    request: HttpRequest, filters: UsageFilters, spans: list[Span], pages: Pages, path: str
) -> HttpResponse:
    caller: Caller = request.auth  # type: ignore[attr-defined]  # a CallerRequest
    account = _account(caller, filters.enterprise_sid)
    ids = [account.pk] if account else None if caller.is_operator else list(caller.rights)
    with system_scope("a caller may reach several accounts"):
        counts = usage(ids, spans)
    as_of = clock.now().strftime("%Y-%m-%dT%H:%M:%S+00:00")
    records = [
        _record(span, count, as_of, account, path)
        for span, count in zip(spans, counts, strict=True)
    ]
    content: dict[str, Any] = {"usageRecords": records, **pages.facts(request, slash="")}
    return JsonResponse(content)


def _record(
    span: Span, count: int, as_of: str, account: Account | None, path: str
) -> dict[str, Any]:
    first, last = (day.isoformat() for day in span)
    return UsageRecord(
        enterprise_sid=account.sid if account else None,
        start_date=first,
        end_date=last,
        as_of=as_of,
        count=str(count),
        usage=str(count),
        uri=f"{BASE}{path}?startDate={first}&endDate={last}",
    ).written()
