"""What a list of recordings was asked for: the part of the URL that says search, days, number,
order and page. It holds what was written, right or wrong; `meant` says what that means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils import timezone

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.queries import numbers_written
from deskbell.calls.queries import SORTS, Wanted
from deskbell.foundation.dates import date_words

from ..messages.filters import read_day

MAX_SEARCH: Final = 200
MAX_WRITTEN: Final = 40
MOST_PAGES: Final = 100_000
COLUMNS: Final = {
    "started_at": "Recorded",
    "from": "From",
    "number": "Number called",
    "agent": "Taken by",
    "seconds": "Length",
}
NEWEST_FIRST: Final = {"started_at", "seconds"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, the filters as written, the order, and the page from 1."""

    q: str = ""
    from_date: str = ""
    to_date: str = ""
    number: str = ""
    sort: str = "started_at"
    dir: str = "desc"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        page = str(given.get("page", ""))
        return cls(
            q=_written(given, "q", MAX_SEARCH),
            from_date=_written(given, "from_date"),
            to_date=_written(given, "to_date"),
            number=_written(given, "number"),
            sort=given["sort"] if given.get("sort") in SORTS else "started_at",
            dir="asc" if given.get("dir") == "asc" else "desc",
            page=min(max(int(page), 1), MOST_PAGES) if page.isdecimal() and len(page) < 19 else 1,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something is searched for or filtered by."""
        return bool(self.q or self.from_date or self.to_date or self.number)

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        default = asdict(Asked())
        parts = {name: value for name, value in asdict(self).items() if value != default[name]}
        return f"?{urlencode(parts)}" if parts else "?"

    def on_page(self, number: int) -> Asked:
        """The same list on another page."""
        return replace(self, page=number)


@dataclass(frozen=True, slots=True)
class Meant:
    """Which recordings are wanted; `errors` by names of fields. What is wrong narrows nothing."""

    wanted: Wanted
    number: PhoneNumber | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def meant(account: Account, asked: Asked) -> Meant:
    """What `asked` means in the account's time zone, which must be the current one.

    Needs the account's scope; one query where a number is asked for, else none.
    """
    errors: dict[str, str] = {}
    first = _day(asked, "from_date", errors)
    last = _day(asked, "to_date", errors)
    if first and last and last < first:
        errors["to_date"] = f"Ends before it begins: choose {date_words(first)} or a later day."
        last = None
    number = numbers_written(account, [asked.number]).get(asked.number) if asked.number else None
    if asked.number and number is None:
        errors["number"] = f"“{asked.number}” is not one of this account's numbers."
    wanted = Wanted(
        search=asked.q,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        number_ids=frozenset({number.pk} if number else ()),
    )
    return Meant(wanted, number, errors)


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header: where a click leads, and how the list is sorted by it now."""

    name: str
    label: str
    query: str
    order: str


def headers(asked: Asked) -> list[Header]:
    """The columns; a click sorts by one, a second click turns the order round."""
    made = []
    for name, label in COLUMNS.items():
        is_current = asked.sort == name
        first = "desc" if name in NEWEST_FIRST else "asc"
        turned = "asc" if asked.dir == "desc" else "desc"
        to = replace(asked, sort=name, dir=turned if is_current else first, page=1)
        order = {"asc": "ascending", "desc": "descending"}[asked.dir] if is_current else ""
        made.append(Header(name, label, to.query, order))
    return made


def _written(given: Mapping[str, Any], name: str, most: int = MAX_WRITTEN) -> str:
    return str(given.get(name, "")).replace("\0", "")[:most].strip()


def _day(asked: Asked, name: str, errors: dict[str, str]) -> date | None:
    written = getattr(asked, name)
    read = read_day(written)
    if written and read is None:
        errors[name] = f"“{written}” is not a day: write month/day/year, as 3/24/2026."
    return read


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())
