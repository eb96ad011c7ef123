"""Money as people type and read it, and what a plan may say. Pure; money is integer cents."""

from __future__ import annotations

import re
from typing import Final

from deskbell.foundation.errors import InvalidInput, MissingInput

MOST_CENTS: Final = 10_000_000  # a hundred thousand dollars a month is a slip of the finger
MOST_MINUTES: Final = 1_000_000
INCREMENTS: Final = (30, 60)
_AMOUNT: Final = re.compile(
    r"\$?[ ]?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.(?P<part>[0-9]{1,2}))?"
)


def cents_of(text: str, *, field: str) -> int:
    """Cents of an amount as people type it: `49`, `49.5`, `$1,249.00`.

    Raises MissingInput for nothing, InvalidInput for what is no amount, below zero, or finer than
    a cent.
    """
    written = text.strip()
    if not written:
        raise MissingInput("Type an amount, as 49 or 49.50; 0 for nothing", field=field)
    found = _AMOUNT.fullmatch(written)
    if found is None or not written.isascii():
        raise InvalidInput(
            f"{written[:40]!r} is no amount in dollars; right are 49, 49.50 and 1,249.00",
            field=field,
        )
    whole, part = found["whole"].replace(",", ""), (found["part"] or "").ljust(2, "0")
    return checked_cents(int(whole) * 100 + int(part), field=field)


def dollars_of(cents: int) -> str:
    """Cents as they are typed: `1249.00`."""
    return f"{cents // 100}.{cents % 100:02d}"


def money(cents: int) -> str:
    """Cents as people read them: `$1,249.00`, and `-$6.00` for a credit."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02d}"


def checked_cents(cents: int, *, field: str) -> int:
    """The cents as given. Raises InvalidInput below zero and above `MOST_CENTS`."""
    if not 0 <= cents <= MOST_CENTS:
        raise InvalidInput(f"A price is {money(0)} to {money(MOST_CENTS)}", field=field)
    return cents


def checked_minutes(minutes: int) -> int:
    """The minutes as given. Raises InvalidInput below zero and above `MOST_MINUTES`."""
    if not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInput(
            f"A plan includes 0 to {MOST_MINUTES:,} minutes", field="included_minutes"
        )
    return minutes


def checked_increment(seconds: int) -> int:
    """The seconds as given. Raises InvalidInput for none of `INCREMENTS`."""
    if seconds not in INCREMENTS:
        taken = " or ".join(str(each) for each in INCREMENTS)
        raise InvalidInput(
            f"A call's time is rounded up to {taken} seconds", field="increment_seconds"
        )
    return seconds
