"""Who covers what in the days to come: gaps, double cover, and the picture of both.

Source: design, on call, "Calendars"; design, look, "Oncall Calendar".
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import Stretch, duty, levels

AHEAD: Final = timedelta(days=90)
MOST_SHOWN: Final = 8
WIDTH: Final = 900
HEIGHT: Final = 24
_LEAST: Final = 1.5  # so that an hour shows in ninety days


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch that asks for a look: nobody, or two or more different contacts, on call."""

    start: datetime
    end: datetime
    names: Sequence[str]
    starts: str
    ends: str
    day: str
    lasts: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """A level's next ninety days."""

    level: EscalationLevel
    gaps: Sequence[Hole]
    doubles: Sequence[Hole]
    picture: SafeString
    has_nobody: bool

    @property
    def more_gaps(self) -> int:
        """How many gaps are not listed."""
        return max(0, len(self.gaps) - MOST_SHOWN)

    @property
    def more_doubles(self) -> int:
        """How many doubles are not listed."""
        return max(0, len(self.doubles) - MOST_SHOWN)


def covers(account_id: int, at: datetime, zone: ZoneInfo) -> list[Cover]:
    """Every level of an account from now to ninety days on; a constant number of queries."""
    until = at + AHEAD
    by_level: dict[int, list[Stretch]] = defaultdict(list)
    for stretch in duty(account_id, since=at, until=until):
        by_level[stretch.level_id].append(stretch)
    return [_cover(each, by_level[each.pk], at, until, zone) for each in levels()]


def _cover(
    level: EscalationLevel,
    stretches: Sequence[Stretch],
    at: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> Cover:
    ordered = stretches or [Stretch(level.pk, at, until, ())]
    gaps = [_hole(each, until, zone) for each in ordered if not each.contacts]
    doubles = [_hole(each, until, zone) for each in ordered if len(each.contacts) > 1]
    return Cover(
        level=level,
        gaps=gaps,
        doubles=doubles,
        picture=strip(ordered, at, until, zone),
        has_nobody=all(not each.contacts for each in ordered),
    )


def _hole(stretch: Stretch, until: datetime, zone: ZoneInfo) -> Hole:
    local = stretch.start.astimezone(zone)
    return Hole(
        start=stretch.start,
        end=stretch.end,
        names=sorted(each.name for each in stretch.contacts),
        starts=f"{local:%Y-%m-%dT%H:%M}",
        ends=f"{stretch.end.astimezone(zone):%Y-%m-%dT%H:%M}",
        day=f"{local:%Y-%m-%d}",
        lasts=lasts(stretch.end - stretch.start),
        is_open=stretch.end >= until,
    )


def lasts(length: timedelta) -> str:
    """How long a stretch is: "45 minutes", "8 hours", "2 days 4 hours"."""
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes if not days else 0, "minute")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said) or "less than a minute"


def strip(
    stretches: Sequence[Stretch], at: datetime, until: datetime, zone: ZoneInfo
) -> SafeString:
    """Ninety days as a strip: covered, hatched where nobody is, darker where two are."""
    whole = (until - at).total_seconds()

    def place(moment: datetime) -> float:
        return round((moment - at).total_seconds() / whole * WIDTH, 1)

    bars = [
        (place(start), max(_LEAST, place(end) - place(start)), look)
        for start, end, look in sorted(_runs(stretches), key=lambda run: run[2] == "nobody")
    ]
    return format_html(
        '<svg class="reach" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}{}</svg>",
        WIDTH,
        HEIGHT,
        format_html_join(
            "", '<rect x="{}" y="0" width="{}" height="24" class="reach-{}"></rect>', bars
        ),
        format_html_join(
            "",
            '<line x1="{0}" x2="{0}" y1="0" y2="24" class="reach-month"></line>',
            ((place(moment),) for moment in _months(at, until, zone)),
        ),
    )


def _runs(stretches: Sequence[Stretch]) -> Iterator[tuple[datetime, datetime, str]]:
    """Stretches that follow one another and look alike, as one."""
    for look, group in itertools.groupby(stretches, key=_look):
        alike = list(group)
        yield alike[0].start, alike[-1].end, look


def _look(stretch: Stretch) -> str:
    return ("nobody", "one", "two")[min(2, len(stretch.contacts))]


def _months(at: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The first instants of the months within."""
    local = at.astimezone(zone)
    year, month = local.year, local.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        first = datetime(year, month, 1, tzinfo=zone)
        if first >= until:
            return
        yield first
