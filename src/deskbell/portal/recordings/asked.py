"""What a list of recordings was asked for: the part of the URL that says search, days, number,
receptionist, order and page. It holds what was written, right or wrong; `meant` says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.queries import SORTS, Wanted
from deskbell.reports.messages import number_asked

from ..days import read_days
from ..lists import MAX_SEARCH, Header, chosen, count, query_of, written
from ..lists import headers as headers_of
from ..oncall.frame import read_id

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
    agent: str = ""
    sort: str = "started_at"
    dir: str = "desc"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        return cls(
            q=written(given, "q", MAX_SEARCH),
            from_date=written(given, "from_date"),
            to_date=written(given, "to_date"),
            number=written(given, "number"),
            agent=written(given, "agent"),
            sort=chosen(given, "sort", SORTS, "started_at"),
            dir=chosen(given, "dir", {"asc"}, "desc"),
            page=count(given, "page"),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something is searched for or filtered by."""
        return bool(self.q or self.from_date or self.to_date or self.number or self.agent)

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        return query_of(self, Asked())


@dataclass(frozen=True, slots=True)
class Meant:
    """Which recordings are wanted; `errors` by names of fields. What is wrong narrows nothing."""

    wanted: Wanted
    number: PhoneNumber | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def meant(account: Account, asked: Asked) -> Meant:
    """What `asked` means in the current time zone, in which the list is told.

    Needs the account's scope; one query where a number is asked for, else none.
    """
    errors: dict[str, str] = {}
    days = read_days(asked.from_date, asked.to_date, errors)
    number = number_asked(account, asked.number, errors)
    wanted = Wanted(
        search=asked.q,
        since=days.since,
        until=days.until,
        number_ids=frozenset({number.pk} if number else ()),
        agent_id=read_id(asked.agent),
    )
    return Meant(wanted, number, errors)


def headers(asked: Asked) -> list[Header]:
    """The columns; a click sorts by one, a second click turns the order round."""
    return headers_of(asked, COLUMNS, newest_first=NEWEST_FIRST)
