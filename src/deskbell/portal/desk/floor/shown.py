"""What the floor's page shows: its figures, and the list of calls that receptionists had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from deskbell.calls.links import audio_path
from deskbell.calls.models import Recording
from deskbell.desk import queries
from deskbell.desk.models import DeskCall
from deskbell.desk.queries import ServiceLevel
from deskbell.foundation.numbers import digits_of

from ...attendant.listing import Column
from ...lists import MAX_SEARCH, Listing, count, query_of, written
from ...lists import listing as page_of_rows
from ...tenancy import PortalRequest

MOST_IN_FILE: Final = 10_000
_MOST_WORDS: Final = 10
_LEAST_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the floor is asked for: one account's calls, or all (0), words, and a page."""

    account: int = 0
    q: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        return cls(
            account=count(given, "account", least=0, most=2**31),
            q=written(given, "q", MAX_SEARCH),
            page=count(given, "page"),
        )

    @property
    def query(self) -> str:
        """The query string of the same list."""
        return query_of(self, Asked())


@dataclass(frozen=True, slots=True)
class Span:
    """The service level of a span of time."""

    label: str
    level: ServiceLevel


@dataclass(frozen=True, slots=True)
class Line:
    """A call that was at the desk, with its recording where it has one that can be heard."""

    desk_call: DeskCall
    audio_url: str = ""

    @property
    def wait_seconds(self) -> int:
        """How long the caller waited for an answer, or until it was over."""
        until = self.desk_call.answered_at or self.desk_call.ended_at
        return _seconds(self.desk_call.entered_at, until)

    @property
    def talk_seconds(self) -> int:
        """From the answer to the end."""
        return _seconds(self.desk_call.answered_at, self.desk_call.ended_at)

    @property
    def result(self) -> str:
        """What became of it, in words."""
        call = self.desk_call
        return call.disposition or call.outcome.replace("_", " ").capitalize() or "Under way"


CSV: Final[Sequence[Column[Line]]] = (
    Column("at", "Came", lambda each: timezone.localtime(each.desk_call.entered_at).isoformat()),
    Column("account", "Account", lambda each: str(each.desk_call.account)),
    Column("number", "Number", lambda each: str(each.desk_call.number or "")),
    Column("caller", "Caller", lambda each: each.desk_call.caller_id),
    Column("receptionist", "Receptionist", lambda each: str(each.desk_call.receptionist or "")),
    Column("wait", "Waited (s)", lambda each: str(each.wait_seconds)),
    Column("talk", "Talked (s)", lambda each: str(each.talk_seconds)),
    Column("result", "Result", lambda each: each.result),
)


def spans_of(at: datetime, account_id: int | None) -> list[Span]:
    """The service level of the last half hour, and of today in the page's time zone."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    spans = {"Last 30 minutes": at - timedelta(minutes=30), "Today": today}
    soon = at + timedelta(seconds=1)
    return [
        Span(label, queries.service_level(since, soon, account_id))
        for label, since in spans.items()
    ]


def listing(asked: Asked, at: datetime) -> Listing[Asked, Line]:
    """A page of the calls, the newest first, with what can be heard of them."""
    return page_of_rows(_found(asked), asked, lambda calls: _lines(calls, at))


def everything(asked: Asked) -> list[Line]:
    """The newest ten thousand calls for a file, without sound."""
    return [Line(each) for each in _found(asked)[:MOST_IN_FILE]]


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """One of the floor's templates."""
    return render(request, f"portal/desk/floor/{template}.html", dict(context))


def _found(asked: Asked) -> QuerySet[DeskCall]:
    found = DeskCall.objects.select_related("account", "number", "receptionist__user")
    if asked.account:
        found = found.filter(account_id=asked.account)
    for word in asked.q.split()[:_MOST_WORDS]:
        found = found.filter(_has(word))
    return found.order_by("-entered_at", "-id")


def _has(word: str) -> Q:
    where = Q()
    for column in ("account__name", "caller_id", "caller_name", "disposition"):
        where |= Q(**{f"{column}__icontains": word})
    where |= Q(receptionist__user__name__icontains=word)
    digits = digits_of(word)
    if len(digits) >= _LEAST_DIGITS and not any(map(str.isalpha, word)):
        where |= Q(caller_id__contains=digits) | Q(number__digits__contains=digits)
    return where


def _lines(calls: Sequence[DeskCall], at: datetime) -> list[Line]:
    ids = {each.call_id for each in calls if each.call_id}
    heard = {
        each.call_id: audio_path(each, at=at)
        for each in Recording.objects.filter(call__in=ids).exclude(audio="").order_by("-started_at")
    }
    return [Line(each, heard.get(each.call_id or 0, "")) for each in calls]


def _seconds(since: datetime | None, until: datetime | None) -> int:
    return round((until - since).total_seconds()) if since and until else 0
