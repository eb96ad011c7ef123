"""A roster as the text of a calendar. Source: design, on call, "Feeds"; RFC 5545, RFC 7986."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from .clocks import clock_changes
from .covering import Covering, Cuts, StandIn, covering
from .lines import escaped, is_utc, text_of, written
from .rosters import Roster, Series
from .vevents import Writer
from .zones import vtimezone

REFRESH = "PT15M"
_BEFORE = timedelta(days=370)  # a shift that begins before the feed does lasts no longer
_AHEAD = timedelta(days=3 * 366)


def ics(roster: Roster) -> bytes:
    """The calendar, as it is sent: lines end in CRLF and have 75 octets at most.

    Every time has its zone, so there is no X-WR-TIMEZONE: for its sake some programs put instants
    on the zone's wall, where the two of an ambiguous hour are no longer told apart.
    """
    zone = roster.zone
    changes = clock_changes(zone, roster.begin - _BEFORE, roster.begin + _AHEAD)
    coverings = {level: _covering_of(roster, level) for level in roster.levels}
    cuts: Cuts = {}
    for made in coverings.values():
        cuts |= made.cuts
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Deskbell//On call//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(roster.title)}",
        f"X-WR-CALNAME:{escaped(roster.title)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    if not is_utc(zone):
        lines += vtimezone(zone, roster.begin - _BEFORE)
    writer = Writer(roster, changes, cuts)
    for each in _shifts(roster, writer):
        lines += each
    for level, made in coverings.items():
        for stand_in in made.stand_ins:
            lines += _stand_in(writer, level, stand_in)
    lines.append("END:VCALENDAR")
    return text_of(lines)


def _covering_of(roster: Roster, level: int) -> Covering:
    covers = [each for each in roster.covers if each.level_id in {None, level}]
    if not covers:
        return Covering()
    series = [each for each in roster.series if each.level_id == level]
    return covering(series, covers, roster.zone)


def _shifts(roster: Roster, writer: Writer) -> Iterator[list[str]]:
    """Every shift, changed instances beside the series they belong to."""
    shown = [each for each in roster.series if writer.contacts(each)]
    recurring = {each.id for each in shown if each.shift.frequency != "once"}
    attached: dict[int, dict[date, Series]] = defaultdict(dict)
    for each in shown:
        if each.part_of in recurring and each.part_of and each.original:
            attached[each.part_of][each.original] = each
        elif each.id not in recurring:
            yield writer.alone(each)
    for each in shown:
        if each.id in recurring:
            yield writer.recurring(each, attached.get(each.id, {}))


def _stand_in(writer: Writer, level: int, stand_in: StandIn) -> list[str]:
    piece, roster = stand_in.piece, writer.roster
    if roster.only is not None and roster.only not in piece.contacts:
        return []
    if piece.end <= roster.begin:
        return []
    return writer.single(level, f"{stand_in.uid}-{level}-{written(piece.start)}Z", [piece])
