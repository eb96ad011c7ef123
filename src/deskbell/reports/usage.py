"""Usage as a table: what the Usage Details page shows, or a line for each day, number, kind of call
and receptionist.

Source: seed 000, "Reports": reports of the account's usage, by date range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.calls.queries import By, UsageWanted, Used, Who, has_used, has_worked, usage
from deskbell.calls.rules import INBOUND, INTERNAL, OUTBOUND
from deskbell.foundation.dates import date_words
from deskbell.foundation.days import Days, read_days
from deskbell.foundation.numbers import to_e164
from deskbell.platform.tenancy import account_scope

from .filters import Asked, chosen, refuse_wrong, written
from .tables import Cell, Table

MOST_DAYS: Final = 3 * 366
KINDS: Final[Mapping[str, str]] = {
    INBOUND: "Inbound",
    OUTBOUND: "Outbound",
    INTERNAL: "Internal",
}
WHOSE: Final[Mapping[str, str]] = {
    Who.ANYBODY: "With a receptionist",
    Who.NOBODY: "Without a receptionist",
}
GROUPS: Final[Mapping[str, By]] = {
    "day": By.DAY,
    "week": By.WEEK,
    "number": By.NUMBER,
    "kind": By.KIND,
    "receptionist": By.AGENT,
}
GROUP_WORDS: Final[Mapping[str, str]] = {
    "day": "Day",
    "week": "Week",
    "number": "Number",
    "kind": "Kind",
    "receptionist": "Receptionist",
}
NOBODY: Final = "No receptionist"
_EVERYTHING: Final = ("day", "number", "kind", "receptionist")
_FIGURES: Final = (
    "Calls",
    "Operator-assisted calls",
    "Standard seconds",
    "Operator-assisted seconds",
    "Seconds in all",
    "Begun half minutes",
    "Begun minutes",
)
_ONE_DAY: Final = timedelta(days=1)
_PIECE: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Meant:
    """Which usage is wanted, and by what it is told apart, "" for everything that can be.

    `errors` by names of fields; what is wrong narrows nothing.
    """

    wanted: UsageWanted
    by: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def meant(account: Account, asked: Asked, today: date) -> Meant:
    """What the query of the usage page means: from_date, to_date, number, kind, receptionist, by.

    Days are the account's; without any it is the month of `today`, and none after that is in it.
    With one end alone it is three years at most. Needs the account's scope; two queries at most,
    where a number and a receptionist are asked for.
    """
    errors: dict[str, str] = {}
    read = read_days(written(asked, "from_date"), written(asked, "to_date"), errors, UTC)
    since, until = _ends(read, errors, today)
    wanted = UsageWanted(
        since,
        max(since, min(until, today)),
        number=_number(account, written(asked, "number"), errors),
        kind=chosen(asked, "kind", KINDS, errors),
        agent=_agent(written(asked, "receptionist"), errors),
    )
    return Meant(wanted, chosen(asked, "by", GROUP_WORDS, errors), errors)


def check(account: Account, asked: Asked) -> None:
    """Raises InvalidInput, with the field, for filters that are wrong. Enters the account's
    scope."""
    with account_scope(account.pk):
        refuse_wrong(meant(account, asked, date.max).errors)


def table(account: Account, asked: Asked, at: datetime) -> Table:
    """The usage that was asked for, a line for each `by`, or for each day, number, kind and
    receptionist. Raises as `check`. Enters the account's scope for every piece it reads."""
    with account_scope(account.pk):
        found = meant(account, asked, at.astimezone(ZoneInfo(account.time_zone)).date())
    refuse_wrong(found.errors)
    columns = (found.by,) if found.by else _EVERYTHING
    labels = [*(GROUP_WORDS[each] for each in columns), *_FIGURES]
    return Table("Usage Details", labels, _rows(account, found.wanted, columns))


def name_of(used: Used, group: str) -> str:
    """What a line of a group is called: its day, number, kind or receptionist."""
    if group == "number":
        return used.number or "Unknown number"
    if group == "kind":
        return KINDS.get(used.kind, used.kind)
    if group == "receptionist":
        return (used.agent_name or f"Receptionist {used.agent_id}") if used.agent_id else NOBODY
    return f"{used.day}"


def _ends(read: Days, errors: dict[str, str], today: date) -> tuple[date, date]:
    most = timedelta(days=MOST_DAYS - 1)
    first, last = read.first, read.last
    if first and last and last - first > most:
        words = f"Three years at most: choose {date_words(first + most)} or an earlier day."
        errors["to_date"] = words
        last = None
    if first:
        return first, last or first + most
    return (last - most, last) if last else (today.replace(day=1), today)


def _number(account: Account, number: str, errors: dict[str, str]) -> str:
    """The number as calls are counted for it; "" for one that the account never had."""
    if not number:
        return ""
    known = to_e164(number, region=account.country) or number
    if "\0" not in known and has_used(known):
        return known
    errors["number"] = f"“{number[:40]}” is no number of this account: choose one of the list."
    return ""


def _agent(agent: str, errors: dict[str, str]) -> int | Who | None:
    if not agent:
        return None
    if agent in WHOSE:
        return Who(agent)
    if agent.isascii() and agent.isdecimal() and len(agent) < 18 and has_worked(int(agent)):
        return int(agent)
    errors["receptionist"] = "There is no such receptionist here: choose one of the list."
    return None


def _rows(
    account: Account, wanted: UsageWanted, columns: Sequence[str]
) -> Iterator[Sequence[Cell]]:
    """Days are read in pieces; what is told apart by less is short."""
    by = [GROUPS[each] for each in columns]
    for piece in _pieces(wanted) if By.DAY in by else [wanted]:
        with account_scope(account.pk):
            found = usage(piece, *by)
        for used in found:
            yield (*(name_of(used, each) for each in columns), *_figures(used))


def _pieces(wanted: UsageWanted) -> Iterator[UsageWanted]:
    since = wanted.since
    while since <= wanted.until:
        until = min(since + _PIECE - _ONE_DAY, wanted.until)
        yield replace(wanted, since=since, until=until)
        since = until + _ONE_DAY


def _figures(used: Used) -> Sequence[int]:
    each = used.usage
    return (
        each.calls,
        each.assisted_calls,
        each.standard_seconds,
        each.assisted_seconds,
        each.seconds,
        each.half_minutes,
        each.whole_minutes,
    )
