"""The VEVENTs of one shift.

A shift that comes back is one VEVENT with an RRULE, from its first instance that is not over on.
What differs is said beside it: skipped days as EXDATE; instances that were changed by hand, that an
override cuts or that the change of the clocks touches with a RECURRENCE-ID. Where an instance
falls into several pieces, or starts at a time that does not exist, they stand alone.
Source: RFC 5545, section 3.6.1; design, on call, "Feeds".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..rules import dates, rrule_of, span_on, wall_end
from .clocks import ClockChange, touched_days
from .covering import pieces_of
from .lines import at_wall, between, escaped
from .rosters import Piece, Roster, Series

_AHEAD = timedelta(days=3 * 366)
_DAY = timedelta(days=1)
Cuts = Mapping[tuple[int, date], Sequence[Piece]]


def vevent(roster: Roster, uid: str, summary: str, times: Iterable[str]) -> list[str]:
    """The lines of one VEVENT; `times` are its lines about time."""
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{roster.stamp:%Y%m%dT%H%M%SZ}",
        *times,
        f"SUMMARY:{escaped(summary)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def summary_of(roster: Roster, contacts: Sequence[int], level_id: int) -> str:
    """Who is on call; in a contact's own feed where."""
    if roster.only is not None:
        return f"On call: {roster.levels[level_id]}"
    return ", ".join(sorted(roster.names[contact] for contact in contacts))


def times_of(piece: Piece, zone: ZoneInfo) -> list[str]:
    """The lines about the time of a stretch."""
    return between(piece.start, piece.end, zone)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the shifts of a roster; `changes` are those of the zone's clocks, `cuts` what
    overrides take from instances."""

    roster: Roster
    changes: Sequence[ClockChange]
    cuts: Cuts

    def single(self, series: Series, uid: str, pieces: Sequence[Piece]) -> list[str]:
        """The pieces of an instance as VEVENTs that stand alone."""
        lines = []
        for place, piece in enumerate(pieces):
            name = uid if place == 0 else f"{uid}-{place + 1}"
            summary = summary_of(self.roster, piece.contacts, series.level_id)
            lines += vevent(self.roster, name, summary, times_of(piece, self.roster.zone))
        return lines

    def pieces(self, series: Series, day: date) -> list[Piece]:
        """What a feed shows of the instance that starts on `day`; nothing before it begins."""
        span = span_on(series.shift, self.roster.zone, day)
        if not max(span.start, self.roster.begin) < span.end:
            return []
        cuts = self.cuts.get((series.id, day), ())
        return pieces_of(span, self.contacts(series), cuts)

    def contacts(self, series: Series) -> tuple[int, ...]:
        """Whom a feed shows for a shift."""
        only = self.roster.only
        found = dict.fromkeys(duty.contact_id for duty in series.duties)
        return tuple(who for who in found if only is None or who == only)

    def recurring(self, series: Series, attached: Mapping[date, Series]) -> list[str]:
        """A shift that comes back, with its changed instances, by the day they are instead of."""
        odd = self._odd_days(series)
        alone, first = self._first(series, odd)
        lines = []
        for day in alone:
            lines += self.single(series, f"{series.uid}-{day:%Y%m%d}", self.pieces(series, day))
        if first is None:
            return lines + [line for changed in attached.values() for line in self.changed(changed)]
        exdates = {day for day in series.shift.skipped if day >= first and _is_due(series, day)}
        said = []
        for day, changed in attached.items():
            if day not in exdates or self._is_missing(series, day):
                said += self.changed(changed)
            elif pieces := self.pieces(changed, _start(changed)):
                said += self._instead(series, day, changed, pieces)
                exdates.discard(day)
        for day in sorted(day for day in odd if day >= first):
            pieces = self.pieces(series, day)
            if pieces and not self._is_missing(series, day):
                said += self._instead(series, day, series, pieces)
            else:
                said += self.single(series, f"{series.uid}-{day:%Y%m%d}", pieces)
                exdates.add(day)
        return lines + self._master(series, first, exdates) + said

    def changed(self, series: Series) -> list[str]:
        """An instance that stands alone, as do shifts that happen once."""
        return self.single(series, series.uid, self.pieces(series, _start(series)))

    def _odd_days(self, series: Series) -> set[date]:
        """The days whose instances cannot be said by the rule."""
        days = set(touched_days(series.shift, self.changes))
        return days | {day for number, day in self.cuts if number == series.id}

    def _first(self, series: Series, odd: set[date]) -> tuple[list[date], date | None]:
        """The odd days that come before all others, and the first that is not odd."""
        zone, begin = self.roster.zone, self.roster.begin
        shift = series.shift
        since = begin.astimezone(zone).date() - (shift.ends - shift.starts) - 2 * _DAY
        alone: list[date] = []
        for day in dates(shift, since, (begin + _AHEAD).date() if odd else date.max):
            if span_on(shift, zone, day).end <= begin:
                continue
            if day not in odd:
                return alone, day
            alone.append(day)
        return alone, None

    def _is_missing(self, series: Series, day: date) -> bool:
        """Whether the instance would start at a time that no clock shows."""
        wall = datetime.combine(day, series.shift.starts.time()).replace(tzinfo=self.roster.zone)
        back = wall.astimezone(UTC).astimezone(self.roster.zone)
        return back.replace(tzinfo=None) != wall.replace(tzinfo=None)

    def _instead(
        self, series: Series, day: date, shown: Series, pieces: Sequence[Piece]
    ) -> list[str]:
        """The VEVENTs that a rule's instance is replaced by; the first has its RECURRENCE-ID."""
        zone = self.roster.zone
        was = at_wall("RECURRENCE-ID", datetime.combine(day, series.shift.starts.time()), zone)
        summary = summary_of(self.roster, pieces[0].contacts, shown.level_id)
        lines = vevent(self.roster, series.uid, summary, [was, *times_of(pieces[0], zone)])
        return lines + self.single(shown, f"{series.uid}-{day:%Y%m%d}", pieces[1:])

    def _master(self, series: Series, first: date, exdates: set[date]) -> list[str]:
        zone, shift = self.roster.zone, series.shift
        start = datetime.combine(first, shift.starts.time())
        end = wall_end(start + (shift.ends - shift.starts))
        times = [
            at_wall("DTSTART", start, zone),
            at_wall("DTEND", end, zone),
            f"RRULE:{rrule_of(shift, zone)}",
        ]
        times += [
            at_wall("EXDATE", datetime.combine(day, shift.starts.time()), zone)
            for day in sorted(exdates)
        ]
        summary = summary_of(self.roster, self.contacts(series), series.level_id)
        return vevent(self.roster, series.uid, summary, times)


def _start(series: Series) -> date:
    return series.shift.starts.date()


def _is_due(series: Series, day: date) -> bool:
    """Whether the rule comes to a day that is skipped."""
    planned = replace(series.shift, skipped=frozenset())
    return next(dates(planned, day, day), None) is not None
