"""What the time machine is asked, as an address can carry it, and the instant that this means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from deskbell.foundation.dates import date_words, time_words

_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A system's sid, a local date and time as typed, keys, and whether it is about what is live.

    `is_second` asks for the later of two equal times, where clocks go back.
    """

    system: str = ""
    day: str = ""
    clock: str = ""
    keys: str = ""
    is_live: bool = False
    is_second: bool = False

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Asked:
        """What an address says."""
        return cls(
            system=sent.get("system", ""),
            day=sent.get("date", "").strip(),
            clock=sent.get("time", "").strip(),
            keys=sent.get("keys", "").strip(),
            is_live=sent.get("of", "") == "live",
            is_second=sent.get("second", "") == "1",
        )

    @property
    def query(self) -> str:
        """The same as an address says it."""
        said = {
            "system": self.system,
            "date": self.day,
            "time": self.clock,
            "keys": self.keys,
            "of": "live" if self.is_live else "",
            "second": "1" if self.is_second else "",
        }
        return "?" + urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant that a local time means. `note` says where clocks made it another, or two of
    them; `is_twice` where there is a second one."""

    at: datetime
    note: str = ""
    is_twice: bool = False


def instant(day: date, clock: time, zone: ZoneInfo, *, is_second: bool = False) -> Moment:
    """The instant of a wall-clock time in a zone.

    A time that clocks leave out means the same distance after the change; of one that comes twice
    the first is meant, unless `is_second`. Source: https://peps.python.org/pep-0495/
    """
    local = datetime.combine(day, clock, zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return Moment(first)
    shown = first.astimezone(zone)
    if shown.time() != clock:
        words = (
            f"{time_words(clock)} does not exist on {date_words(day)}: clocks go forward then, "
            f"so this is {time_words(shown.time())}."
        )
        return Moment(first, words)
    which = "second" if is_second else "first"
    words = (
        f"{time_words(clock)} comes twice on {date_words(day)}: clocks go back then. "
        f"This is the {which}."
    )
    return Moment(second if is_second else first, words, is_twice=True)


def read_clock(typed: str) -> time | None:
    """A time of day as a time field sends it; None for what is not one."""
    found = _TIME.fullmatch(typed)
    return time(int(found[1]), int(found[2])) if found else None
