"""The VEVENTs of one shift.

A shift that comes back is one VEVENT with an RRULE, from its first instance that is not over on.
What differs is said beside it: skipped days as EXDATE; instances that were changed by hand, that an
override cuts or that the change of the clocks touches with a RECURRENCE-ID. Where an instance
falls into several pieces, or starts at a time that does not exist, they stand alone.
Source: RFC 5545, section 3.6.1; design, on call, "Feeds".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ..rules import dates, rrule_of, span_on, wall_end
from .clocks import ClockChange, touched_days
from .covering import Cuts, pieces_of
from .lines import at_wall, between, escaped, written
from .rosters import Piece, Roster, Series

_DAY = timedelta(days=1)


class Writer:
    """Writes the shifts of a roster; `changes` are those of the zone's clocks, `cuts` what
    overrides take from instances."""

    def __init__(self, roster: Roster, changes: Sequence[ClockChange], cuts: Cuts) -> None:
        self.roster = roster
        self._changes = changes
        self._cuts = cuts
        self._begin = roster.begin.astimezone(roster.zone).replace(tzinfo=None)
        self._stamp = f"DTSTAMP:{written(roster.stamp)}Z"
        self._contacts: dict[int, tuple[int, ...]] = {}
        self._summaries: dict[tuple[int, tuple[int, ...]], str] = {}

    def single(self, level: int, uid: str, pieces: Sequence[Piece]) -> list[str]:
        """The pieces of an instance as VEVENTs that stand alone."""
        lines = []
        for place, piece in enumerate(pieces):
            name = uid if place == 0 else f"{uid}-{place + 1}"
            times = between(piece.start, piece.end, self.roster.zone)
            lines += self._vevent(name, level, piece.contacts, times)
        return lines

    def contacts(self, series: Series) -> tuple[int, ...]:
        """Whom a feed shows for a shift."""
        known = self._contacts.get(series.id)
        if known is None:
            only = self.roster.only
            found = dict.fromkeys([duty.contact_id for duty in series.duties])
            known = tuple(who for who in found if only is None or who == only)
            self._contacts[series.id] = known
        return known

    def alone(self, series: Series) -> list[str]:
        """A shift that happens once, or a changed instance that stands for none of its series."""
        day = _start(series)
        if self._odd_days(series):
            return self.single(series.level_id, series.uid, self._pieces(series, day))
        starts, ends = series.shift.starts, wall_end(series.shift.ends)
        if ends <= self._begin:
            return []
        return self._vevent(
            series.uid, series.level_id, self.contacts(series), self._walls(starts, ends)
        )

    def recurring(self, series: Series, attached: Mapping[date, Series]) -> list[str]:
        """A shift that comes back, with its changed instances, by the day they are instead of."""
        odd = self._odd_days(series)
        alone, first = self._first(series, odd)
        lines = []
        for day in alone:
            lines += self.single(
                series.level_id, f"{series.uid}-{day:%Y%m%d}", self._pieces(series, day)
            )
        if first is None:
            return lines + [line for changed in attached.values() for line in self.alone(changed)]
        exdates = {day for day in series.shift.skipped if day >= first and _is_due(series, day)}
        said = []
        for day, changed in attached.items():
            if day not in exdates or self._is_missing(series, day):
                said += self.alone(changed)
            elif pieces := self._pieces(changed, _start(changed)):
                said += self._instead(series, day, changed, pieces)
                exdates.discard(day)
        for day in sorted(day for day in odd if day >= first):
            pieces = self._pieces(series, day)
            if pieces and not self._is_missing(series, day):
                said += self._instead(series, day, series, pieces)
            else:
                said += self.single(series.level_id, f"{series.uid}-{day:%Y%m%d}", pieces)
                exdates.add(day)
        return lines + self._master(series, first, exdates) + said

    def _pieces(self, series: Series, day: date) -> list[Piece]:
        """What a feed shows of the instance that starts on `day`; nothing before it begins."""
        span = span_on(series.shift, self.roster.zone, day)
        if not max(span.start, self.roster.begin) < span.end:
            return []
        return pieces_of(span, self.contacts(series), self._cuts_of(series).get(day, ()))

    def _cuts_of(self, series: Series) -> Mapping[date, Sequence[Piece]]:
        return self._cuts.get(series.id, {})

    def _odd_days(self, series: Series) -> set[date]:
        """The days whose instances are not what their wall-clock times say."""
        return {*touched_days(series.shift, self._changes), *self._cuts_of(series)}

    def _first(self, series: Series, odd: set[date]) -> tuple[list[date], date | None]:
        """The odd days that come before all others, and the first that is not odd."""
        shift = series.shift
        lasting = wall_end(shift.ends) - shift.starts
        since = self._begin.date() - lasting - _DAY
        alone: list[date] = []
        for day in dates(shift, since, date.max):
            if day in odd:
                alone.append(day)
            elif datetime.combine(day, shift.starts.time()) + lasting > self._begin:
                return alone, day
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
        zone, first = self.roster.zone, pieces[0]
        was = at_wall("RECURRENCE-ID", datetime.combine(day, series.shift.starts.time()), zone)
        times = [was, *between(first.start, first.end, zone)]
        lines = self._vevent(series.uid, shown.level_id, first.contacts, times)
        return lines + self.single(shown.level_id, f"{series.uid}-{day:%Y%m%d}", pieces[1:])

    def _master(self, series: Series, first: date, exdates: set[date]) -> list[str]:
        zone, shift = self.roster.zone, series.shift
        start = datetime.combine(first, shift.starts.time())
        times = self._walls(start, wall_end(start + (shift.ends - shift.starts)))
        times.append(f"RRULE:{rrule_of(shift, zone)}")
        times += [
            at_wall("EXDATE", datetime.combine(day, shift.starts.time()), zone)
            for day in sorted(exdates)
        ]
        return self._vevent(series.uid, series.level_id, self.contacts(series), times)

    def _walls(self, starts: datetime, ends: datetime) -> list[str]:
        zone = self.roster.zone
        return [at_wall("DTSTART", starts, zone), at_wall("DTEND", ends, zone)]

    def _vevent(
        self, uid: str, level: int, contacts: tuple[int, ...], times: Sequence[str]
    ) -> list[str]:
        """The lines of one VEVENT; `times` are its lines about time."""
        return [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            self._stamp,
            *times,
            self._summary(level, contacts),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]

    def _summary(self, level: int, contacts: tuple[int, ...]) -> str:
        """Who is on call; in a contact's own feed where."""
        known = self._summaries.get((level, contacts))
        if known is None:
            names = ", ".join(sorted(self.roster.names[contact] for contact in contacts))
            on_level = f"On call: {self.roster.levels[level]}"
            known = f"SUMMARY:{escaped(names if self.roster.only is None else on_level)}"
            self._summaries[level, contacts] = known
        return known


def _start(series: Series) -> date:
    return series.shift.starts.date()


def _is_due(series: Series, day: date) -> bool:
    """Whether the rule comes to a day that is skipped."""
    planned = replace(series.shift, skipped=frozenset())
    return next(dates(planned, day, day), None) is not None
