"""Dates and times of the day in English words."""

from __future__ import annotations

import calendar
import re
from typing import Final

from .numerals import cardinal, ordinal, two_digits, year

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LEAP_YEAR: Final = 2000
_WHOLE_YEAR: Final = 100
_WIDTHS: Final = {"y": 4, "m": 2, "d": 2}
_ORDERS: Final = frozenset({"mdy", "dmy", "ymd", "ydm", "md", "dm", "my", "ym", "d", "m", "y"})
_PART: Final = re.compile(r"\d{1,8}|[A-Za-z]+|\?+", re.ASCII)
_ENDING: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?:[:.](?P<second>\d{2}))?"
    r"\s?(?P<half>[ap])?(?(half)\.?m\.?)",
    re.IGNORECASE | re.ASCII,
)
_LASTING: Final = re.compile(r"(?P<minutes>\d{1,4})'(?:(?P<seconds>\d{1,2})\")?", re.ASCII)


def date(text: str, order: str, *, american: bool) -> str | None:
    """A date in words; None where it is none.

    `order` is of the letters d, m and y, once or more often each (`dmy`, `yyyymmdd`,
    `dd/mm/yyyy`); empty is the year first where it has four digits, else what America or the rest
    of the world has.
    """
    found = _PART.findall(_ENDING.sub("", text))
    kinds = _order(order, found, american=american)
    if kinds not in _ORDERS:
        return None
    if len(found) == 1 and len(kinds) > 1:
        found = _split(found[0], kinds)
    if len(found) != len(kinds):
        return None
    parts = dict(zip(kinds, found, strict=True))
    return _said(parts, american=american) if _is_date(parts) else None


def _order(order: str, found: list[str], *, american: bool) -> str:
    letters = re.sub(r"[^dmy]", "", order.lower())
    if letters or order:
        return re.sub(r"(.)\1+", r"\1", letters)
    if found and len(found[0]) in {_WIDTHS["y"], sum(_WIDTHS.values())} and found[0].isdigit():
        return "ymd"[: len(found)] if len(found) > 1 else "ymd"
    by_name = [part.isalpha() for part in found]
    if by_name[:2] == [True, False] or (american and True not in by_name):
        return "mdy"[: len(found)]
    return "dmy"[: len(found)]


def _split(digits: str, kinds: str) -> list[str]:
    """`20260314` by the order of its parts."""
    found, at = [], 0
    for kind in kinds:
        found.append(digits[at : at + _WIDTHS[kind]])
        at += _WIDTHS[kind]
    return found if at == len(digits) else []


def _month(text: str) -> int:
    """1 to 12, by number or by name; 0 for anything else."""
    if text.isdigit():
        return int(text) if 1 <= int(text) <= len(_MONTHS) else 0
    names = [name.lower() for name in _MONTHS]
    starts = [at for at, name in enumerate(names, 1) if name.startswith(text.lower())]
    return starts[0] if len(starts) == 1 and len(text) > 2 else 0


def _is_date(parts: dict[str, str]) -> bool:
    if "m" in parts and not _month(parts["m"]):
        return False
    numbers = {kind: part for kind, part in parts.items() if kind != "m"}
    if not all(part.isdigit() and len(part) in {1, 2, 4} for part in numbers.values()):
        return False
    if "d" not in parts:
        return True
    of_year = int(parts["y"]) if len(parts.get("y", "")) == _WIDTHS["y"] else _LEAP_YEAR
    last = calendar.monthrange(max(of_year, 1), _month(parts["m"]))[1] if "m" in parts else 31
    return 1 <= int(parts["d"]) <= last


def _said(parts: dict[str, str], *, american: bool) -> str:
    month = _MONTHS[_month(parts["m"]) - 1] if "m" in parts else ""
    day = ordinal(int(parts["d"])) if "d" in parts else ""
    said = f"{month} {day}" if american else f"the {day} of {month}"
    if not (month and day):
        said = month or day
    if "y" not in parts:
        return said
    in_words = year(int(parts["y"])) if int(parts["y"]) >= _WHOLE_YEAR else _short(parts["y"])
    return f"{said}{', ' if day and american else ' '}{in_words}".strip()


def _short(digits: str) -> str:
    return two_digits(int(digits)) if len(digits) == 2 else cardinal(int(digits))


def time(text: str) -> str | None:
    """A time of the day (`14:30`, `2:30 pm`) or how long something lasts (`1'21"`) in words."""
    lasting = _LASTING.fullmatch(text)
    if lasting:
        said = _counted(int(lasting["minutes"]), "minute")
        seconds = int(lasting["seconds"] or 0)
        return f"{said} and {_counted(seconds, 'second')}" if seconds else said
    clock = _CLOCK.fullmatch(text)
    if clock is None or not (clock["minute"] or clock["half"]):
        return None
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    hours = range(1, 13) if clock["half"] else range(25)
    if hour not in hours or minute > 59 or second > 59 or (hour == 24 and minute):
        return None
    half = f" {clock['half'].upper()}M" if clock["half"] else ""
    said = cardinal(hour) + (f" {two_digits(minute)}" if minute else _full(hour, half=half))
    return said + (f" and {_counted(second, 'second')}" if second else "") + half


def _full(hour: int, *, half: str) -> str:
    if half:
        return ""
    return " o'clock" if 1 <= hour <= 12 else " hundred hours"


def _counted(number: int, unit: str) -> str:
    return f"{cardinal(number)} {unit}{'' if number == 1 else 's'}"
