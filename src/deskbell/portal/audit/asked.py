"""What a list of the log was asked for: the part of the URL that says person, what, door, days,
words and place. It holds what was written, right or wrong; `meant` says what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils import timezone

from deskbell.audit.acts import kinds
from deskbell.audit.rules import DOORS
from deskbell.reports import audit as report
from deskbell.reports.audit import Meant

from ..lists import MAX_SEARCH, chosen, query_of, written
from ..oncall.frame import read_id

FILTERS: Final = ("q", "person", "kind", "door", "from_date", "to_date", "account")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as written; `before` and `after` are ids of entries beside which a page begins.

    `account` is asked on the operator's page alone. `page` is there for what lists share.
    """

    q: str = ""
    person: str = ""
    kind: str = ""
    door: str = ""
    from_date: str = ""
    to_date: str = ""
    account: str = ""
    before: int = 0
    after: int = 0
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        return cls(
            q=written(given, "q", MAX_SEARCH),
            person=written(given, "person", MAX_SEARCH),
            kind=chosen(given, "kind", kinds()),
            door=chosen(given, "door", [str(each) for each in DOORS]),
            from_date=written(given, "from_date"),
            to_date=written(given, "to_date"),
            account=written(given, "account", MAX_SEARCH),
            before=read_id(given.get("before")) or 0,
            after=read_id(given.get("after")) or 0,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something is searched for or filtered by."""
        return any(getattr(self, name) for name in FILTERS)

    @property
    def filters(self) -> dict[str, str]:
        """Which entries are wanted, as it was written, without a place among them."""
        return {name: getattr(self, name) for name in FILTERS}

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        return query_of(self, Asked())

    @property
    def whole(self) -> Asked:
        """The same list without a place in it: what is exported."""
        return replace(self, before=0, after=0)

    def older_than(self, entry_id: int) -> Asked:
        """The page after the one that ends with an entry."""
        return replace(self, before=entry_id, after=0)

    def newer_than(self, entry_id: int) -> Asked:
        """The page before the one that begins with an entry."""
        return replace(self, before=0, after=entry_id)


def meant(asked: Asked, *, everybody: bool = False) -> Meant:
    """What `asked` means in the current time zone; an account is asked for among `everybody`."""
    found = report.meant(asked.filters, timezone.get_current_timezone())
    account = asked.account if everybody else ""
    return replace(found, wanted=replace(found.wanted, account=account))
