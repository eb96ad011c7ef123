"""National holidays to pick special days from: of a country, and of a part of it where it has own.

Source: the package `holidays`, which keeps the rules of more than 200 countries offline.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import holidays
from holidays import registry

AHEAD: Final = timedelta(days=730)
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off work, with its name in English where the package has one."""

    day: date
    name: str


@functools.cache
def countries() -> list[tuple[str, str]]:
    """ISO 3166 code and name of every country there is something known of, by name."""
    known = set(holidays.list_supported_countries(include_aliases=False))
    named = [(code, _WORD.sub(" ", name)) for name, code, *_ in registry.COUNTRIES.values()]
    return sorted(((code, name) for code, name in named if code in known), key=lambda it: it[1])


@functools.cache
def parts_of(country: str) -> list[tuple[str, str]]:
    """Code and name of the parts of a country that have holidays of their own, by name."""
    if country not in dict(countries()):
        return []
    made = holidays.country_holidays(country, years=2026)
    named = {code: name for name, code in getattr(made, "subdivisions_aliases", {}).items()}
    codes = holidays.list_supported_countries(include_aliases=False)[country]
    return sorted(((code, named.get(code, code)) for code in codes), key=lambda it: it[1])


@functools.lru_cache(maxsize=64)
def holidays_from(day: date, country: str, part: str = "") -> list[Holiday]:
    """The holidays of two years from `day` on, in order; none for a country that is not known."""
    if country not in dict(countries()):
        return []
    subdivision = part if part in dict(parts_of(country)) else None
    last = day + AHEAD
    found = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=range(day.year, last.year + 1),
        language=_english(country),
    )
    return [Holiday(on, name) for on, name in sorted(found.items()) if day <= on < last]


@functools.cache
def _english(country: str) -> str | None:
    languages = holidays.list_localized_countries(include_aliases=False).get(country, [])
    return next((each for each in languages if each.startswith("en")), None)
