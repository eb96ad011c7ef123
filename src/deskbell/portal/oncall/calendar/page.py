"""All that the calendar's page shows, read in a fixed number of queries."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from deskbell.foundation.clock import now
from deskbell.oncall import queries
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.changes import version_of

from ...duty import on_call_now
from ...tenancy import PortalRequest
from ..frame import may_edit
from .asked import VIEWS, Asked
from .drawn import entries_of, gaps_of, new_event, wall
from .entries import Entry
from .hours import columns, now_on, rows
from .month import weeks


@dataclass(frozen=True, slots=True)
class Choice:
    """A level or a view to choose, and where it leads."""

    name: str
    url: str
    is_here: bool
    number: int = 0


def asked_of(request: PortalRequest) -> Asked:
    """What part of the calendar a page's own address asks for."""
    return Asked.read(request.GET, today_of(request))


def shown_to(request: PortalRequest) -> Asked:
    """What part of the calendar shows behind a panel or a dialog, as its address says.

    htmx tells the address of the page that it asks from; without a script the panel's address
    carries the calendar's.
    """
    there = request.headers.get("HX-Current-URL", "")
    given = {name: values[-1] for name, values in parse_qs(urlsplit(there).query).items()}
    return Asked.read(given if there else request.GET, today_of(request))


def today_of(request: PortalRequest) -> Any:
    """Today, by the account's clock."""
    return wall(now(), zone_of(request)).date()


def zone_of(request: PortalRequest) -> ZoneInfo:
    """The account's time zone."""
    return queries.zone_of(request.account)


def tag_of(request: PortalRequest, at: datetime) -> str:
    """The ETag of all that is live: the account's version, and the minute. One indexed read."""
    return f'"{request.account.pk}-{version_of(request.account.pk)}-{int(at.timestamp()) // 60}"'


@dataclass
class Calendar:
    """A view of the account's calendar; what a template does not show is not read."""

    request: HttpRequest
    account_id: int
    asked: Asked
    zone: ZoneInfo
    at: datetime
    levels: Sequence[EscalationLevel]
    may_edit: bool

    @cached_property
    def level(self) -> EscalationLevel:
        """The level that shows: the one that was asked for, else the first."""
        chosen = (each for each in self.levels if each.pk == self.asked.level)
        return next(chosen, self.levels[0])

    @property
    def number(self) -> int:
        """The level's place in their order, from 1."""
        return [each.pk for each in self.levels].index(self.level.pk) + 1

    @cached_property
    def now(self) -> datetime:
        """Now, by the wall clock."""
        return wall(self.at, self.zone)

    @property
    def zone_short(self) -> str:
        """The zone's short name on the day that shows, as EST."""
        noon = datetime.combine(self.asked.day, time(12), tzinfo=self.zone)
        return f"{noon:%Z}"

    @cached_property
    def _drawn(self) -> tuple[list[Entry], list[Entry]]:
        since, until = self.asked.span(self.zone)
        level_ids = None if self.asked.view == "timeline" else [self.level.pk]
        bars, stretches = queries.picture_with_duty(
            self.account_id, since=since, until=until, level_ids=level_ids
        )
        entries = entries_of(bars, self.zone, self.asked)
        return entries, gaps_of(stretches, self.now, self.zone, self.asked, self.may_edit)

    @property
    def entries(self) -> list[Entry]:
        """The shifts and overrides of what shows."""
        return self._drawn[0]

    @property
    def gaps(self) -> list[Entry]:
        """Where nobody is on call, from now on: what is past cannot be mended."""
        return self._drawn[1]

    @cached_property
    def weeks(self) -> Any:
        """The month's weeks."""
        return weeks(self.asked, self.level.pk, [*self.gaps, *self.entries])

    @cached_property
    def columns(self) -> Any:
        """The days with their hours."""
        return columns(self.asked, self.entries, self.gaps, self.now)

    @cached_property
    def rows(self) -> Any:
        """The levels of the timeline."""
        names = [(each.pk, each.name) for each in self.levels]
        return rows(self.asked, names, self.entries, self.gaps)

    @property
    def timeline_now(self) -> str:
        """Where now is on the timeline."""
        return now_on(self.asked, self.now)

    @property
    def views(self) -> list[Choice]:
        """Every view of the same day."""
        return [
            Choice(name, self.asked.seen_as(view).url, view == self.asked.view)
            for view, name in VIEWS.items()
        ]

    @property
    def choices(self) -> list[Choice]:
        """Every level in the same view; on the timeline, in the week."""
        view = "week" if self.asked.view == "timeline" else self.asked.view
        shown = replace(self.asked, view=view)
        return [
            Choice(each.name, shown.of_level(each.pk).url, each.pk == self.level.pk, number)
            for number, each in enumerate(self.levels, start=1)
        ]

    @property
    def previous_level(self) -> Choice | None:
        """The level before, in their order."""
        return self.choices[self.number - 2] if self.number > 1 else None

    @property
    def next_level(self) -> Choice | None:
        """The level after."""
        return self.choices[self.number] if self.number < len(self.levels) else None

    @property
    def today_url(self) -> str:
        """The same view around today."""
        return f"{self.asked.on(self.asked.today).url}#today"

    @property
    def day_urls(self) -> list[str]:
        """Each day that shows, by itself."""
        return [self.asked.seen_as("day").on(day).url for day in self.asked.days]

    columns_of_week = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
    hour_marks = tuple(f"{at % 12 or 12} {'PM' if at >= 12 else 'AM'}" for at in range(24))

    @property
    def new_url(self) -> str:
        """Where a new event on the level is made, on the day that shows."""
        is_near = self.asked.shows_today and self.asked.view != "day"
        day = self.asked.today if is_near else self.asked.day
        return new_event(self.asked, self.level.pk, day)


def calendar_of(request: PortalRequest, asked: Asked, at: datetime) -> Calendar | None:
    """The calendar as it was asked for; None while the account has no level."""
    levels = list(queries.levels().filter(account_id=request.account.pk))
    if not levels:
        return None
    zone = zone_of(request)
    return Calendar(request, request.account.pk, asked, zone, at, levels, may_edit(request))


def live_context(request: PortalRequest, asked: Asked) -> dict[str, Any]:
    """What changes by itself: who is on call now, and the calendar."""
    at = now()
    return {
        "asked": asked,
        "tag": tag_of(request, at),
        "duties": on_call_now(request.account.pk, at),
        "calendar": calendar_of(request, asked, at),
        "may_edit": may_edit(request),
    }


def contacts_context(request: PortalRequest) -> dict[str, Any]:
    """The column of contacts, where its page is there."""
    if importlib.util.find_spec("deskbell.portal.oncall.contacts.column") is None:
        return {}
    from ..contacts import column

    return {**column.context(request), "has_contacts_column": True}
