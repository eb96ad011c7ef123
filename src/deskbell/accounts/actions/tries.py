"""Tries to sign in: so many are looked at, the others are refused and counted.

A try is counted before its password is looked at, and taken back where it was right, so that any
number of tries at once count as well. What has signed a person in before is known by its cookie,
and has tries of its own: a stranger who guesses from a thousand places locks out strangers alone.
Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from ..errors import TooOften
from ..models import KnownDevice, SignInTries, User, WrongSignIns
from ..rules import folded
from .tokens import network_of

WINDOW: Final = timedelta(minutes=15)
MOST_FOR_EMAIL: Final = 10
MOST_FROM_DEVICE: Final = 10
MOST_FROM_ADDRESS: Final = 100
# Keys of addresses that nobody signs in with; a user's own are never dropped for them.
MOST_STRANGE_KEYS: Final = 5_000
# A prime: a try takes several numbers, so that keys of one kind could all miss a round one.
_LOOKED_AFTER_EVERY: Final = 61
MOST_ADDRESSES_AN_HOUR: Final = 20
MOST_ROWS_AN_HOUR: Final = 1_000
WRONG_ARE_KEPT: Final = timedelta(days=30)
_LONGEST_EMAIL: Final = 254
_IS_OVER: Final = (
    "(known.began_at <= %(at)s - %(window)s"
    " OR known.began_at > %(at)s + %(window)s)"  # a clock that was put back
)
_COUNT: Final = f"""
INSERT INTO accounts_signintries AS known (key, is_ours, began_at, count)
VALUES (%(key)s, %(is_ours)s, %(at)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN {_IS_OVER} THEN 1 ELSE known.count + 1 END,
    began_at = CASE WHEN {_IS_OVER} THEN %(at)s ELSE known.began_at END,
    is_ours = %(is_ours)s
RETURNING id, count, began_at
"""  # noqa: S608 only words of our own are put in
_TAKE_BACK: Final = (
    "UPDATE accounts_signintries SET count = count - 1 WHERE key = ANY(%(keys)s) AND count > 0"
)
_DROP: Final = """
DELETE FROM accounts_signintries WHERE began_at <= %(at)s - %(window)s OR id IN (
    SELECT id FROM accounts_signintries WHERE NOT is_ours
    ORDER BY began_at DESC, id DESC OFFSET %(most)s)
"""
_AGAIN: Final = """
UPDATE accounts_wrongsignins SET count = count + 1, last_at = %(at)s
WHERE email = %(email)s AND address = %(address)s AND began_at = %(hour)s
"""
_ROWS: Final = """
SELECT count(*) FILTER (WHERE email = %(email)s), count(*)
FROM accounts_wrongsignins WHERE began_at = %(hour)s
"""
_FIRST: Final = """
INSERT INTO accounts_wrongsignins AS known (email, address, began_at, last_at, count)
VALUES (%(email)s, %(address)s, %(hour)s, %(at)s, 1)
ON CONFLICT (email, address, began_at) DO UPDATE SET
    count = known.count + 1, last_at = %(at)s
"""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is looked at: what it counts for, and whether it is the last before a lock."""

    keys: tuple[str, ...]
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class _Limit:
    key: str
    most: int
    is_ours: bool


def begin_try(*, email: str, address: str, device: KnownDevice | None, at: datetime) -> Try:
    """Counts a try to sign in as `email`, before its password is looked at.

    Ten for an email address in a quarter of an hour, and a hundred from an IP address (IPv6: from
    its network of 64 bits); from a device that the person is known by, ten of its own. Whether
    somebody signs in with the address makes no difference. Raises TooOften, with the seconds until
    the next try, for one too many; tries that are refused make no wait longer.
    """
    limits = _limits(email, address, device)
    is_last = False
    for limit in limits:
        count, began_at = _counted(limit, at)
        if count > limit.most:
            left = (began_at + WINDOW - at).total_seconds()
            raise TooOften("Too many tries to sign in", seconds=max(1, math.ceil(left)))
        is_last = is_last or count == limit.most
    return Try(tuple(limit.key for limit in limits), is_last)


def _limits(email: str, address: str, device: KnownDevice | None) -> Sequence[_Limit]:
    if device is not None:
        return [_Limit(f"device:{device.pk}", MOST_FROM_DEVICE, is_ours=True)]
    known = User.objects.with_email(email) is not None
    return [
        _Limit(f"from:{network_of(address)}", MOST_FROM_ADDRESS, is_ours=False),
        _Limit(_key_of(email), MOST_FOR_EMAIL, is_ours=known),
    ]


def _key_of(email: str) -> str:
    return f"as:{_typed(email)}"


def _typed(email: str) -> str:
    """An address as it is counted: as it is looked up, and no longer than one is."""
    return folded(email)[:_LONGEST_EMAIL]


def _counted(limit: _Limit, at: datetime) -> tuple[int, datetime]:
    asked: dict[str, Any] = {
        "key": limit.key,
        "is_ours": limit.is_ours,
        "at": at,
        "window": WINDOW,
        "most": MOST_STRANGE_KEYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, asked)
        found, count, began_at = cursor.fetchone()
        if count == 1 and found % _LOOKED_AFTER_EVERY == 0:
            cursor.execute(_DROP, asked)
    return count, began_at


def take_back(begun: Try) -> None:
    """A try was right after all: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, {"keys": list(begun.keys)})


def forgive(*, email: str) -> None:
    """Lets an address sign in again at once: somebody who reads its mail reset the password."""
    SignInTries.objects.filter(key=_key_of(email)).delete()


def wrong_sign_in(*, email: str, address: str, at: datetime) -> None:
    """Keeps for the operator that somebody failed to sign in, by the hour.

    From the twenty-first IP address on, an hour's others count as one for an email address, and
    from the thousandth row on everything does: no flood of guesses fills the disk.
    """
    asked: dict[str, Any] = {
        "email": _typed(email),
        "address": network_of(address),
        "at": at,
        "hour": at.replace(minute=0, second=0, microsecond=0),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, asked)
        if cursor.rowcount:
            return
        cursor.execute(_ROWS, asked)
        of_email, of_hour = cursor.fetchone()
        if of_email >= MOST_ADDRESSES_AN_HOUR:
            asked["address"] = ""
        if of_hour >= MOST_ROWS_AN_HOUR:
            asked |= {"email": "", "address": ""}
        cursor.execute(_FIRST, asked)


def forget_tries(*, at: datetime) -> None:
    """Removes counts that are over, and wrong sign-ins of more than thirty days ago."""
    SignInTries.objects.filter(began_at__lte=at - WINDOW).delete()
    WrongSignIns.objects.filter(last_at__lte=at - WRONG_ARE_KEPT).delete()
