"""What the usage page was asked for: the part of the URL that says days, filters, what it is told
apart by, and order. It holds what was written, right or wrong; `reports.usage` says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from deskbell.reports.usage import GROUP_WORDS

from ...lists import chosen, count, query_of, written

SORTS: Final = ("name", "calls", "assisted_calls", "standard", "assisted", "total")
_FILTERS: Final = ("from_date", "to_date", "number", "kind", "receptionist")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as written, the order, and the page from 1.

    Without `sort` days are in their order, and all else has the most minutes first.
    """

    from_date: str = ""
    to_date: str = ""
    number: str = ""
    kind: str = ""
    receptionist: str = ""
    by: str = "day"
    sort: str = ""
    dir: str = "asc"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense of order and page falls back to the default."""
        return cls(
            **{name: written(given, name) for name in _FILTERS},
            by=chosen(given, "by", GROUP_WORDS, "day"),
            sort=chosen(given, "sort", SORTS),
            dir=chosen(given, "dir", {"desc"}, "asc"),
            page=count(given, "page"),
        )

    @property
    def filters(self) -> dict[str, str]:
        """What is reported, as the query that `reports.usage` reads."""
        given = asdict(self)
        return {name: given[name] for name in (*_FILTERS, "by") if given[name]}

    @property
    def is_narrowed(self) -> bool:
        """Whether something but the days is filtered by."""
        return bool(self.number or self.kind or self.receptionist)

    @property
    def query(self) -> str:
        """The query string of the same page, without what is the default."""
        return query_of(self, Asked())

    def by_other(self, by: str) -> Asked:
        """The same usage, told apart by something else."""
        return replace(self, by=by, sort="", dir="asc", page=1)

    def on_days(self, first: date, last: date) -> Asked:
        """The same of other days."""
        return replace(self, from_date=f"{first}", to_date=f"{last}", page=1)


@dataclass(frozen=True, slots=True)
class Preset:
    """Days that are often asked for, and where they are."""

    label: str
    query: str
    is_here: bool


def presets(asked: Asked, today: date, shown: tuple[date, date]) -> Sequence[Preset]:
    """This month, last month, the last 90 days and this year; `shown` are the page's days."""
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    spans = {
        "This month": (first, today),
        "Last month": (last_month.replace(day=1), last_month),
        "Last 90 days": (today - timedelta(days=89), today),
        "This year": (today.replace(month=1, day=1), today),
    }
    return [
        Preset(label, asked.on_days(*span).query, span == shown) for label, span in spans.items()
    ]
