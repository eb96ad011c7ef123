"""Which part of the calendar is looked at: the part of the URL that says view, level and day."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from deskbell.foundation.dates import DAYS, date_words, dates_words

VIEWS: Final = {"month": "Month", "week": "Week", "day": "Day", "timeline": "All levels"}
FIRST: Final = date(2000, 2, 1)
LAST: Final = date(2199, 11, 30)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of the calendar around a day; `level` 0 is the first of the account's levels."""

    view: str
    level: int
    day: date
    today: date

    @classmethod
    def read(cls, given: Mapping[str, Any], today: date) -> Asked:
        """Reads a query string; what makes no sense falls back to this month."""
        view = str(given.get("view", ""))
        level = str(given.get("level", ""))
        return cls(
            view=view if view in VIEWS else "month",
            level=int(level) if level.isdecimal() and len(level) < 19 else 0,
            day=read_day(str(given.get("date", ""))) or today,
            today=today,
        )

    @property
    def query(self) -> str:
        """The query string for the same view, without what is the default."""
        parts: dict[str, object] = {}
        if self.view != "month":
            parts["view"] = self.view
        if self.level:
            parts["level"] = self.level
        if self.day != self.today:
            parts["date"] = self.day.isoformat()
        return urlencode(parts)

    @property
    def url(self) -> str:
        """The query with its question mark, for links on the calendar's own page."""
        return f"?{self.query}"

    def on(self, day: date) -> Asked:
        """The same view around another day."""
        return replace(self, day=min(max(day, FIRST), LAST))

    def seen_as(self, view: str) -> Asked:
        """The same day in another view."""
        return replace(self, view=view)

    def of_level(self, level: int) -> Asked:
        """The same view of another level."""
        return replace(self, level=level)

    @property
    def first(self) -> date:
        """The first day that shows; weeks start on Sunday."""
        if self.view == "day":
            return self.day
        start = self.day.replace(day=1) if self.view == "month" else self.day
        return start - timedelta(days=start.isoweekday() % 7)

    @property
    def after(self) -> date:
        """The day after the last that shows."""
        if self.view == "day":
            return self.day + _DAY
        if self.view != "month":
            return self.first + _WEEK
        last = self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
        return last + timedelta(days=7 - last.isoweekday() % 7)

    @property
    def days(self) -> Sequence[date]:
        """Every day that shows."""
        return [self.first + number * _DAY for number in range((self.after - self.first).days)]

    @property
    def previous(self) -> Asked:
        """One month, week or day earlier."""
        if self.view == "month":
            return self.on(self.day.replace(day=1) - _DAY)
        return self.on(self.day - (_DAY if self.view == "day" else _WEEK))

    @property
    def next(self) -> Asked:
        """One month, week or day later."""
        if self.view == "month":
            return self.on(self.day.replace(day=28) + 4 * _DAY)
        return self.on(self.day + (_DAY if self.view == "day" else _WEEK))

    @property
    def shows_today(self) -> bool:
        """Whether today is among the days that show."""
        return self.first <= self.today < self.after

    @property
    def title(self) -> str:
        """What shows, in words: a month, a week or a day."""
        if self.view == "month":
            return f"{self.day:%B} {self.day.year}"
        if self.view == "day":
            return f"{DAYS[self.day.weekday()]}, {date_words(self.day)}"
        last = self.after - _DAY
        if self.first.year != last.year:
            return dates_words(self.first, last)
        ends = f"{last.day}" if self.first.month == last.month else f"{last:%B} {last.day}"
        return f"{self.first:%B} {self.first.day} to {ends}, {last.year}"

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants from and until which the days last in a time zone."""
        return midnight(self.first, zone), midnight(self.after, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day starts in a time zone, in UTC."""
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def read_day(text: str) -> date | None:
    """A day as `2026-11-22`, where it is one and lies in the time that a calendar can show."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None
