"""One version number per account, raised by whatever its live pages show.

A page that polls sends the version it has; where the number is the same the answer is 304, at the
cost of one indexed read.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from .models import AccountVersion


def touch(account_id: int) -> None:
    """Raises the account's version, in the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_accountversion (account_id, version) VALUES (%s, 1)"
            " ON CONFLICT (account_id) DO UPDATE SET version = platform_accountversion.version + 1",
            [account_id],
        )


def touch_all(account_ids: Iterable[int]) -> None:
    """Raises the versions of several accounts, in one statement and always in the same order."""
    ids = sorted(set(account_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_accountversion (account_id, version)"
            " SELECT account_id, 1 FROM unnest(%s::bigint[]) AS account_id ORDER BY account_id"
            " ON CONFLICT (account_id) DO UPDATE SET version = platform_accountversion.version + 1",
            [ids],
        )


def version_of(account_id: int) -> int:
    """The account's present version, 0 before the first change."""
    found = AccountVersion.objects.filter(account_id=account_id).values_list("version", flat=True)
    return found.first() or 0
