"""The filters as fields of a form: what stands in each, and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.reports.messages import STATUSES

from ..days import read_day
from .asked import Asked
from .filters import Narrowed, number_words

# More numbers than this are written, not chosen from a list.
MOST_CHOICES: Final = 100


@dataclass(frozen=True, slots=True)
class DayField:
    """A day; `kind` is the input's type, so that what is no day stays as it was written."""

    name: str
    label: str
    kind: str
    value: str


def filter_fields(account: Account, asked: Asked, meant: Narrowed) -> dict[str, Any]:
    """What the filters' template shows. One query, for the account's numbers."""
    return {
        "days": [_day(asked, "from_date", "From"), _day(asked, "to_date", "To")],
        "numbers": _numbers(account, meant),
        "statuses": STATUSES.items() if asked.tab == "new" else (),
    }


def _day(asked: Asked, name: str, label: str) -> DayField:
    written = getattr(asked, name)
    read = read_day(written)
    if written and read is None:
        return DayField(name, label, "text", written)
    return DayField(name, label, "date", read.isoformat() if read else "")


def _numbers(account: Account, meant: Narrowed) -> Sequence[tuple[str, str, bool]]:
    """The numbers to choose from: as they are sent, in words, and whether one is chosen.

    Empty where there are too many, or where one is asked for that is none of them: then it is
    written.
    """
    if "number" in meant.errors:
        return ()
    found = list(PhoneNumber.objects.filter(account=account).order_by("number")[: MOST_CHOICES + 1])
    if len(found) > MOST_CHOICES:
        return ()
    return [(each.number, number_words(each), each.pk in meant.wanted.number_ids) for each in found]
