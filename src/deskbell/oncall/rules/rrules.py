"""A shift's rule as other calendars write it: RRULE of RFC 5545, section 3.3.10, both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from deskbell.foundation.errors import InvalidInput

from .dates import checked, last_day
from .instants import start_instant
from .shifts import FREQUENCIES, LAST, Shift, weekday_of
from .words import WEEKDAYS

_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_KNOWN = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS",
}  # fmt: skip
_TOO_OFTEN = {"SECONDLY": "second", "MINUTELY": "minute", "HOURLY": "hour"}
_MOST_CHARACTERS = 1000


def rrule_of(shift: Shift, zone: ZoneInfo | None = None) -> str | None:
    """The value of a RRULE for a checked shift; None for one that happens once.

    It counts from the shift's first instance, so that is what DTSTART must be. With a `zone` the
    end is said as UNTIL in UTC, which DTSTART in a zone asks for, else as COUNT or a local UNTIL.
    """
    if shift.frequency == "once":
        return None
    parts = [f"FREQ={shift.frequency.upper()}"]
    if shift.interval != 1:
        parts.append(f"INTERVAL={shift.interval}")
    parts += _days_of(shift)
    parts += _end_of(shift, zone)
    return ";".join(parts)


def _days_of(shift: Shift) -> list[str]:
    start = shift.starts.date()
    if shift.frequency == "weekly":
        days = sorted(shift.weekdays or {weekday_of(start)})
        return [f"BYDAY={','.join(_DAYS[day] for day in days)}", "WKST=SU"]
    if shift.frequency == "monthly" and shift.nth_weekdays:
        return [
            f"BYDAY={','.join(f'{nth}{_DAYS[day]}' for nth, day in sorted(shift.nth_weekdays))}"
        ]
    if shift.frequency == "monthly":
        days = sorted(shift.month_days or {start.day})
        return [f"BYMONTHDAY={','.join(map(str, days))}"]
    if shift.frequency == "yearly":
        return [f"BYMONTH={start.month}", f"BYMONTHDAY={start.day}"]
    return []


def _end_of(shift: Shift, zone: ZoneInfo | None) -> list[str]:
    if zone is None and shift.count is not None:
        return [f"COUNT={shift.count}"]
    last = last_day(shift)
    if last is None:
        return []
    wall = datetime.combine(last, shift.starts.time())
    if zone is None:
        return [f"UNTIL={wall:%Y%m%dT%H%M%S}"]
    return [f"UNTIL={start_instant(wall, zone):%Y%m%dT%H%M%SZ}"]


def shift_from_rrule(
    text: str, starts: datetime, ends: datetime, zone: ZoneInfo | None = None
) -> Shift:
    """The shift that a RRULE's value means, whose DTSTART and DTEND are `starts` and `ends`.

    Both are wall-clock times without an offset; an UNTIL in UTC is read in `zone`. An empty text
    is a shift that happens once. Raises InvalidInput, in words, for a rule that is none, that
    cannot be said as a shift (by the hour, by the week's number), or that `checked` refuses.
    """
    if not text:
        return checked(Shift(starts, ends))
    parts = _parts(text)
    frequency = _frequency(parts)
    shift = Shift(
        starts=starts,
        ends=ends,
        frequency=frequency,
        interval=_number(parts, "INTERVAL", 1),
        count=_number(parts, "COUNT", 0) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], starts, zone) if "UNTIL" in parts else None,
    )
    return checked(_READ[frequency](shift, parts))


def _refused(words: str) -> InvalidInput:
    return InvalidInput(words, field="frequency")


def _parts(text: str) -> dict[str, str]:
    if len(text) > _MOST_CHARACTERS:
        raise _refused("The rule by which it comes back is too long")
    parts = {}
    for part in text.upper().strip().strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise _refused(f"The rule by which it comes back cannot be read: {part[:40]!r}")
        parts[name] = value
    unknown = sorted(parts.keys() - _KNOWN)
    if unknown:
        raise _refused(f"A rule with {unknown[0][:20]} cannot be said as a shift")
    return parts


def _frequency(parts: Mapping[str, str]) -> str:
    name = parts.get("FREQ", "")
    if name in _TOO_OFTEN:
        raise _refused(
            f"It comes back every {_TOO_OFTEN[name]}; a shift comes back by days at most"
        )
    if name.lower() not in FREQUENCIES[1:]:
        raise _refused("The rule by which it comes back does not say how often")
    return name.lower()


def _number(parts: Mapping[str, str], name: str, otherwise: int) -> int:
    text = parts.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit()) or len(text) > len("1000000"):
        raise _refused(f"{name} is a number, not {text[:20]!r}")
    return int(text)


def _until(text: str, starts: datetime, zone: ZoneInfo | None) -> date:
    """The day of the last start: the one before where UNTIL comes before the day's start."""
    try:
        if "T" not in text:
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 a date has no zone
        wall = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 set below
    except ValueError as error:
        raise _refused(f"UNTIL is a date, not {text[:20]!r}") from error
    if text.endswith("Z") and zone is not None:
        wall = wall.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return wall.date() - (timedelta(days=1) if wall.time() < starts.time() else timedelta())


def _only(parts: Mapping[str, str], *names: str) -> None:
    """Raises for a part that the frequency's reader does not know."""
    others = sorted(name for name in parts if name.startswith("BY") and name not in names)
    if others:
        raise _refused(
            f"A rule that is {parts['FREQ'].lower()} with {others[0]} cannot be said as a shift"
        )


def _read_daily(shift: Shift, parts: Mapping[str, str]) -> Shift:
    _only(parts, "BYDAY")
    if "BYDAY" not in parts:
        return shift
    if shift.interval != 1:
        raise _refused("Every so many days, but on some weekdays only, cannot be said as a shift")
    return replace(shift, frequency="weekly", weekdays=_weekdays(parts))


def _read_weekly(shift: Shift, parts: Mapping[str, str]) -> Shift:
    _only(parts, "BYDAY")
    read = replace(shift, weekdays=_weekdays(parts) if "BYDAY" in parts else frozenset())
    _check_week_start(read, parts.get("WKST", "MO"))
    return read


def _read_monthly(shift: Shift, parts: Mapping[str, str]) -> Shift:
    _only(parts, "BYDAY", "BYMONTHDAY", "BYSETPOS")
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        raise _refused("Weekdays that fall on some days of the month cannot be said as a shift")
    if "BYDAY" in parts:
        return replace(shift, nth_weekdays=_nth_weekdays(parts))
    if "BYSETPOS" in parts:
        raise _refused("BYSETPOS cannot be said as a shift without BYDAY")
    return replace(shift, month_days=_month_days(parts))


def _read_yearly(shift: Shift, parts: Mapping[str, str]) -> Shift:
    _only(parts, "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
    start = shift.starts.date()
    if parts.get("BYMONTH", str(start.month)).lstrip("0") != str(start.month):
        raise _refused("A rule that is yearly happens in the month in which it starts")
    if "BYDAY" not in parts:
        if "BYSETPOS" in parts or _month_days(parts) - {start.day}:
            raise _refused("A rule that is yearly happens on the day on which it starts")
        return shift
    if "BYMONTH" not in parts or "BYMONTHDAY" in parts:
        raise _refused("A weekday of the year cannot be said as a shift, but one of a month can")
    months = shift.interval * 12
    return replace(shift, frequency="monthly", interval=months, nth_weekdays=_nth_weekdays(parts))


_READ: dict[str, Callable[[Shift, Mapping[str, str]], Shift]] = {
    "daily": _read_daily,
    "weekly": _read_weekly,
    "monthly": _read_monthly,
    "yearly": _read_yearly,
}


def _weekdays(parts: Mapping[str, str]) -> frozenset[int]:
    pairs = _by_day(parts)
    if any(nth for nth, _ in pairs):
        raise _refused("The first or last of a weekday needs a rule that is monthly")
    return frozenset(day for _, day in pairs)


def _nth_weekdays(parts: Mapping[str, str]) -> frozenset[tuple[int, int]]:
    """Without a number a weekday is every one of the month; BYSETPOS may number a single one."""
    pairs = _by_day(parts)
    if "BYSETPOS" in parts:
        if len(pairs) != 1 or pairs[0][0]:
            raise _refused("BYSETPOS with several weekdays cannot be said as a shift")
        pairs = [(_signed(nth, "BYSETPOS"), pairs[0][1]) for nth in parts["BYSETPOS"].split(",")]
    every = {(nth, day) for number, day in pairs if not number for nth in range(1, 6)}
    return frozenset(every | {pair for pair in pairs if pair[0]})


def _by_day(parts: Mapping[str, str]) -> list[tuple[int, int]]:
    """Pairs of a number, 0 where there is none, and a weekday."""
    pairs = []
    for text in parts["BYDAY"].split(","):
        number, name = text[:-2], text[-2:]
        if name not in _DAYS:
            raise _refused(f"BYDAY names weekdays, not {text[:20]!r}")
        pairs.append((_signed(number, "BYDAY") if number else 0, _DAYS.index(name)))
    return pairs


def _signed(text: str, name: str) -> int:
    """1 to 5, or -1."""
    number = text.removeprefix("+")
    if number not in {"1", "2", "3", "4", "5", str(LAST)}:
        raise _refused(f"{name} numbers a weekday 1 to 5, or -1 for the last, not {text[:20]!r}")
    return int(number)


def _month_days(parts: Mapping[str, str]) -> frozenset[int]:
    days = set()
    for text in parts["BYMONTHDAY"].split(",") if "BYMONTHDAY" in parts else ():
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:3]) <= 31:
            raise _refused(f"Days of the month are 1 to 31, not {text[:20]!r}")
        days.add(int(text))
    return frozenset(days)


def _check_week_start(shift: Shift, name: str) -> None:
    """Raises where weeks that start on another day than Sunday make it another rule."""
    if name not in _DAYS:
        raise _refused(f"WKST names a weekday, not {name[:20]!r}")
    start = weekday_of(shift.starts.date())
    first = _DAYS.index(name)
    days = shift.weekdays or {start}
    moved = [day for day in days if (day < start) != ((day - first) % 7 < (start - first) % 7)]
    if moved and shift.interval > 1:
        raise _refused(
            f"Its weeks start on {WEEKDAYS[first]}, and ours on Sunday: every {shift.interval} "
            "weeks these are other days"
        )
