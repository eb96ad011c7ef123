"""`usage`: what an account used in a month, by day and number, as text; or counted anew."""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.calls import actions, queries
from deskbell.calls.queries import By, UsageWanted, Used
from deskbell.calls.rules import Usage
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope

from .accounts import account_named

_MONTH: Final = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
_HEAD: Final = ("Day", "Number", "Calls", "Assisted", "Standard time", "Assisted time")
_WORDS: Final = 2  # the columns that are no figures


def usage(chosen: argparse.Namespace) -> int:
    """Prints an account's usage of a month; with `recount` it is counted anew from the calls first.

    Raises NotFound for an account that is not there, InvalidInput for a month that is none.
    """
    account = account_named(chosen.account)
    first, last = _month(chosen.month, account, clock.now())
    with account_scope(account.pk):
        if chosen.recount:
            count = actions.recount(account=account, since=first, until=last)
            sys.stdout.write(f"Counted anew from {count:,} call{'' if count == 1 else 's'}\n")
        rows = queries.usage(UsageWanted(first, last), By.DAY, By.NUMBER)
    sys.stdout.write(
        f"{account.name} ({account.number}), {first:%B %Y}, days of {account.time_zone}\n\n"
    )
    sys.stdout.write(table(rows) if rows else "Nothing was used\n")
    return 0


def table(rows: Sequence[Used]) -> str:
    """The rows as lines of text in columns, with a total of each number, and of all."""
    by_number: dict[str, Usage] = defaultdict(Usage)
    for row in rows:
        by_number[row.number] += row.usage
    lines = [_HEAD, *(_line(f"{row.day}", row.number, row.usage) for row in rows)]
    if len(by_number) > 1:
        lines += [_line("All days", number, by_number[number]) for number in sorted(by_number)]
    lines.append(_line("All days", "", sum(by_number.values(), Usage())))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(f"{_in_columns(line, widths)}\n" for line in lines)


def _line(day: str, number: str, used: Usage) -> tuple[str, ...]:
    calls = f"{used.calls:,}", f"{used.assisted_calls:,}"
    return day, number, *calls, _time(used.standard_seconds), _time(used.assisted_seconds)


def _in_columns(cells: Iterable[str], widths: Iterable[int]) -> str:
    """Words to the left, figures to the right."""
    placed = [
        f"{cell:<{width}}" if place < _WORDS else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(placed).rstrip()


def _time(seconds: int) -> str:
    """Minutes and seconds, as a bill has them: 75:04."""
    return f"{seconds // 60:,}:{seconds % 60:02}"


def _month(text: str, account: Account, at: datetime) -> tuple[date, date]:
    """A month's first and last day; without `text` the one that it is in the account's zone."""
    if text:
        found = _MONTH.fullmatch(text)
        if found is None:
            raise InvalidInput(f"--month takes a year and a month as 2026-03, not {text!r}")
        first = date(int(found[1]), int(found[2]), 1)
    else:
        first = at.astimezone(ZoneInfo(account.time_zone)).date().replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
