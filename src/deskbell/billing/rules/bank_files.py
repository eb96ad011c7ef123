"""A file of debits as a bank takes it: fixed columns, counts and sums over them. Pure.

Source: Nacha Operating Rules, Appendix Three: records of 94 characters in blocks of ten; the
positions are those that banks publish for their originators. No library on PyPI that writes these
files was kept up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from deskbell.foundation.bank import Bank
from deskbell.foundation.errors import InvalidInput

WIDTH: Final = 94
BLOCK: Final = 10
MOST_CENTS: Final = 99_999_999_99
MOST_ENTRIES: Final = 100_000
MODIFIERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_DEBITS: Final = "225"
_DEBIT_CHECKING: Final = "27"
_HASH: Final = 10**10


@dataclass(frozen=True, slots=True)
class Entry:
    """One debit: whose account, how many cents, and the trace number by which it may come back."""

    routing: str = field(repr=False)
    account: str = field(repr=False)
    cents: int
    client: str
    name: str
    trace: str
    is_recurring: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A whole file, and the sums in it that the operator compares with the bank's."""

    text: str = field(repr=False)
    entries: int
    total_cents: int
    entry_hash: str


def trace_number(odfi: str, sequence: int) -> str:
    """The 15 digits by which the bank names an entry; `sequence` goes round after ten million."""
    return f"{odfi}{sequence % 10**7:07d}"


def write(
    bank: Bank,
    entries: Sequence[Entry],
    *,
    made_at: datetime,
    effective_on: date,
    modifier: str,
    number: int,
) -> Written:
    """The file of some debits, to be collected on a day, the `number`-th of all.

    `made_at` is written as it is; `modifier` tells apart the files of one day (`MODIFIERS`). Raises
    InvalidInput for none or too many entries, and for an amount that has no room.
    """
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise InvalidInput(f"A file has 1 to {MOST_ENTRIES:,} debits; not {len(entries):,}")
    total = sum(each.cents for each in entries)
    entry_hash = f"{sum(int(each.routing[:8]) for each in entries) % _HASH:010d}"
    if total >= 10**12:
        raise InvalidInput("The debits of a file come to more than it has room for; make two")
    count = len(entries)
    records = [
        _file_head(bank, made_at, modifier),
        _batch_head(bank, made_at, effective_on, number),
        *(_entry(bank, each) for each in entries),
        _batch_end(bank, count, entry_hash, total, number),
    ]
    blocks = -(-(len(records) + 1) // BLOCK)
    records.append(_file_end(blocks, count, entry_hash, total))
    records += ["9" * WIDTH] * (blocks * BLOCK - len(records))
    return Written("\r\n".join(records) + "\r\n", count, total, entry_hash)


def plain(text: str, width: int) -> str:
    """Text as these files can hold it: capitals without accents, cut and filled to a width."""
    bare = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Z0-9 .,&/()'-]", " ", bare.upper())
    return f"{kept[:width]:<{width}}"


def _file_head(bank: Bank, made_at: datetime, modifier: str) -> str:
    return _checked(
        f"101{bank.destination:>10}{bank.origin:>10}{made_at:%y%m%d%H%M}{modifier}094101"
        f"{plain(bank.destination_name, 23)}{plain(bank.origin_name, 23)}{'':8}"
    )


def _batch_head(bank: Bank, made_at: datetime, effective_on: date, number: int) -> str:
    return _checked(
        f"5{_DEBITS}{plain(bank.company_name, 16)}{'':20}{bank.company_id:>10}{bank.entry_class}"
        f"{'PAYMENT':<10}{made_at:%y%m%d}{effective_on:%y%m%d}{'':3}1{bank.odfi}{_batch(number)}"
    )


def _entry(bank: Bank, entry: Entry) -> str:
    if not 0 < entry.cents <= MOST_CENTS:
        raise InvalidInput("A debit is of one cent to $99,999,999.99")
    kind = ("R " if entry.is_recurring else "S ") if bank.entry_class == "WEB" else "  "
    return _checked(
        f"6{_DEBIT_CHECKING}{entry.routing}{entry.account:<17}{entry.cents:010d}"
        f"{plain(entry.client, 15)}{plain(entry.name, 22)}{kind}0{entry.trace}"
    )


def _batch_end(bank: Bank, count: int, entry_hash: str, total: int, number: int) -> str:
    return _checked(
        f"8{_DEBITS}{count:06d}{entry_hash}{total:012d}{0:012d}{bank.company_id:>10}{'':25}"
        f"{bank.odfi}{_batch(number)}"
    )


def _file_end(blocks: int, count: int, entry_hash: str, total: int) -> str:
    return _checked(f"9{1:06d}{blocks:06d}{count:08d}{entry_hash}{total:012d}{0:012d}{'':39}")


def _batch(number: int) -> str:
    return f"{number % 10**7:07d}"


def _checked(record: str) -> str:
    # A column that is wider than it may be would move all those after it.
    if len(record) != WIDTH:
        raise InvalidInput(f"A record of the bank's file has {len(record)} characters, not {WIDTH}")
    return record
