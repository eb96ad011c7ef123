"""What the usage page shows, made of two reads: the usage by day, and by all else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from deskbell.accounts.models import Account
from deskbell.calls.queries import By, UsageWanted, Used, Who, usage
from deskbell.calls.rules import Usage
from deskbell.foundation.dates import date_words, dates_words
from deskbell.foundation.numbers import for_people
from deskbell.reports.usage import GROUP_WORDS, KINDS, WHOSE, Meant, meant, name_of

from ...charts import Chart, Minutes, stacked
from ...lists import Header, headers, page_of
from .asked import SORTS, Asked, presets

MINUTE: Final = 60
PER_PAGE: Final = 100
MOST_BARS: Final = 10
# More days than these are drawn by the week.
_MOST_DAYS_DRAWN: Final = 93
_LABELS: Final = 6
_COLUMNS: Final = {
    "calls": "Calls",
    "assisted_calls": "Operator-assisted calls",
    "standard": "Standard min",
    "assisted": "Operator-assisted min",
    "total": "Minutes",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What was used under one name; minutes. `share` of the longest line's minutes, in percent.

    `key` is what it is in its order, and `query` narrows the page down to it.
    """

    name: str
    key: Any
    usage: Usage
    query: str = ""
    standard_share: float = 0.0
    assisted_share: float = 0.0

    @property
    def calls(self) -> int:
        """How many calls."""
        return self.usage.calls

    @property
    def assisted_calls(self) -> int:
        """How many had a receptionist."""
        return self.usage.assisted_calls

    @property
    def standard(self) -> float:
        """Minutes without a receptionist."""
        return self.usage.standard_seconds / MINUTE

    @property
    def assisted(self) -> float:
        """Minutes with one."""
        return self.usage.assisted_seconds / MINUTE

    @property
    def total(self) -> float:
        """All minutes."""
        return self.usage.seconds / MINUTE


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The usage told apart by one thing: the longest lines, and how many more there are."""

    by: str
    label: str
    lines: Sequence[Line]
    more: int
    query: str


def context(account: Account, asked: Asked, today: date) -> dict[str, Any]:
    """All that the page shows; two reads, and up to two more for what is filtered by.

    In the account's scope.
    """
    found = meant(account, asked.filters, today)
    wanted = found.wanted
    everything = usage(UsageWanted(wanted.since, wanted.until), By.NUMBER, By.KIND, By.AGENT)
    kept = [each for each in everything if _fits(each, wanted)]
    days = usage(wanted, By.DAY)
    lines = _lines(asked.by, days, kept, account, asked)
    page = page_of(
        len(lines),
        asked,
        lambda part: _sorted(lines, asked)[part],
        size=PER_PAGE,
        headers=_headers(asked),
    )
    return {
        "asked": asked,
        "errors": found.errors,
        "list": page,
        "total": Line("", None, sum((each.usage for each in kept), Usage())),
        "chart": _chart(days, wanted),
        "days": dates_words(wanted.since, wanted.until),
        "is_weekly": _is_long(wanted),
        "breakdowns": [
            _breakdown(by, kept, account, asked) for by in ("number", "kind", "receptionist")
        ],
        "presets": presets(asked, today, (wanted.since, wanted.until)),
        "groups": GROUP_WORDS,
        "since": asked.from_date or wanted.since.isoformat(),
        "until": asked.to_date or wanted.until.isoformat(),
        "export": urlencode({"of": "usage", **_export(asked, found)}),
        **_choices(everything, found, account),
    }


def _export(asked: Asked, found: Meant) -> Mapping[str, str]:
    days = {
        "from_date": found.wanted.since.isoformat(),
        "to_date": found.wanted.until.isoformat(),
    }
    right = {name: text for name, text in asked.filters.items() if name not in found.errors}
    return {**right, **days}


def _fits(used: Used, wanted: UsageWanted) -> bool:
    if wanted.number and used.number != wanted.number:
        return False
    if wanted.kind and used.kind != wanted.kind:
        return False
    if wanted.agent is Who.ANYBODY:
        return bool(used.agent_id)
    return wanted.agent is None or used.agent_id == (
        0 if wanted.agent is Who.NOBODY else wanted.agent
    )


def _choices(everything: Iterable[Used], found: Meant, account: Account) -> Mapping[str, Any]:
    """What can be chosen: what these days have, and what is chosen already."""
    wanted = found.wanted
    numbers = {each.number for each in everything} | {wanted.number}
    agents = {each.agent_id: each.agent_name for each in everything if each.agent_id}
    if isinstance(wanted.agent, int):
        agents.setdefault(wanted.agent, f"Receptionist {wanted.agent}")
    people = [
        (str(pk), name or f"Receptionist {pk}")
        for pk, name in sorted(agents.items(), key=lambda each: each[1].casefold())
    ]
    chosen = "" if wanted.agent is None else str(wanted.agent)
    return {
        "numbers": [
            (each, for_people(each, region=account.country), each == wanted.number)
            for each in sorted(numbers - {""})
        ],
        "kinds": [(value, name, value == wanted.kind) for value, name in KINDS.items()],
        "people": [(value, name, value == chosen) for value, name in [*WHOSE.items(), *people]],
    }


def _lines(
    by: str, days: Sequence[Used], kept: Sequence[Used], account: Account, asked: Asked
) -> list[Line]:
    """What was used, told apart by one thing, in its order."""
    if by in {"day", "week"}:
        start = _week_of if by == "week" else _day_of
        sums, alone = _summed(days, start), asked.by_other("day")
        return [
            Line(_day_words(by, day), day, used, alone.on_days(day, _last_of(by, day)).query)
            for day, used in sorted(sums.items())
        ]
    key = _KEYS[by]
    first = {key(each): each for each in kept}
    found = [
        Line(_named(first[each], by, account), each, used, _narrowed(asked, by, each).query)
        for each, used in _summed(kept, key).items()
    ]
    return sorted(found, key=lambda each: (-each.usage.seconds, each.name))


def _summed(rows: Iterable[Used], key: Callable[[Used], Any]) -> dict[Any, Usage]:
    sums: dict[Hashable, Usage] = defaultdict(Usage)
    for each in rows:
        sums[key(each)] += each.usage
    return sums


_KEYS: Final[Mapping[str, Callable[[Used], Any]]] = {
    "number": lambda each: each.number,
    "kind": lambda each: each.kind,
    "receptionist": lambda each: each.agent_id,
}


def _day_of(used: Used) -> date:
    return used.day or date.min


def _week_of(used: Used) -> date:
    return _monday(_day_of(used))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _last_of(by: str, day: date) -> date:
    return day + timedelta(days=6) if by == "week" else day


def _day_words(by: str, day: date) -> str:
    return f"Week of {date_words(day)}" if by == "week" else f"{day:%a}, {date_words(day)}"


def _named(used: Used, by: str, account: Account) -> str:
    if by == "number" and used.number:
        return for_people(used.number, region=account.country)
    return name_of(used, by)


def _narrowed(asked: Asked, by: str, key: Any) -> Asked:
    """The page of one line alone, by day."""
    alone = asked.by_other("day")
    if by == "number":
        return replace(alone, number=key)
    if by == "kind":
        return replace(alone, kind=key)
    return replace(alone, receptionist=str(key or Who.NOBODY))


def _breakdown(by: str, kept: Sequence[Used], account: Account, asked: Asked) -> Breakdown:
    lines = _lines(by, (), kept, account, asked)
    most = max([1, *(each.usage.seconds for each in lines)])
    drawn = [
        replace(
            each,
            standard_share=round(100 * each.usage.standard_seconds / most, 2),
            assisted_share=round(100 * each.usage.assisted_seconds / most, 2),
        )
        for each in lines[:MOST_BARS]
    ]
    more = max(0, len(lines) - MOST_BARS)
    return Breakdown(by, GROUP_WORDS[by], drawn, more, asked.by_other(by).query)


def _headers(asked: Asked) -> Sequence[Header]:
    columns = {"name": GROUP_WORDS[asked.by], **_COLUMNS}
    return headers(asked, columns, newest_first=set(SORTS) - {"name"})


def _sorted(lines: list[Line], asked: Asked) -> list[Line]:
    if not asked.sort:
        return lines
    is_days = asked.by in {"day", "week"}
    name = "key" if asked.sort == "name" and is_days else asked.sort
    return sorted(lines, key=lambda each: getattr(each, name), reverse=asked.dir == "desc")


def _is_long(wanted: UsageWanted) -> bool:
    return (wanted.until - wanted.since).days >= _MOST_DAYS_DRAWN


def _chart(days: Sequence[Used], wanted: UsageWanted) -> Chart:
    """A bar for each day, or for each week where there are many."""
    by, start, first, step = "day", _day_of, wanted.since, timedelta(days=1)
    if _is_long(wanted):
        by, start, first, step = "week", _week_of, _monday(wanted.since), timedelta(days=7)
    sums = _summed(days, start)
    places = [first + step * n for n in range((wanted.until - first) // step + 1)]
    bars = [
        Minutes(
            _day_words(by, each),
            sums.get(each, Usage()).standard_seconds / MINUTE,
            sums.get(each, Usage()).assisted_seconds / MINUTE,
        )
        for each in places
    ]
    every = -(-len(places) // _LABELS)
    labels = [f"{each:%b} {each.day}" if n % every == 0 else "" for n, each in enumerate(places)]
    return stacked(bars, labels)
