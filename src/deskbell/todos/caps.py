"""How much the To Dos of one account may do: each costs money, and a token may be stolen.

Counted apart from runs, which go with their To Do: who makes and deletes them must not get more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection

from deskbell.foundation.errors import Conflict

from .models import DeliveryType, Run, Schedule

SPAN: Final = timedelta(hours=1)
# To Dos of one account that are still to run.
MOST_AHEAD: Final = 10_000
_NAMES: Final = {
    DeliveryType.SMS: "texts",
    DeliveryType.EMAIL: "emails",
    DeliveryType.CALL: "calls",
}
# Everybody takes the rows in one order, so that nobody waits for one who waits for them.
_COUNT: Final = """
INSERT INTO todos_hourlycount AS known (account_id, delivery_type, began_at, count)
SELECT fresh.account_id, fresh.kind, %(at)s, fresh.count
FROM unnest(%(accounts)s::bigint[], %(kinds)s::text[], %(counts)s::int[])
    AS fresh (account_id, kind, count)
ORDER BY fresh.account_id, fresh.kind
ON CONFLICT (account_id, delivery_type) DO UPDATE SET
    count = CASE WHEN known.began_at <= %(until)s THEN excluded.count
                 ELSE known.count + excluded.count END,
    began_at = CASE WHEN known.began_at <= %(until)s THEN %(at)s ELSE known.began_at END
RETURNING account_id, delivery_type, count
"""


def count(runs: Sequence[Run], *, at: datetime) -> frozenset[int]:
    """Counts runs that begin now, whose To Dos are selected; the ids of those that are too many.

    One statement, which others of these accounts wait for until the transaction ends.
    """
    fresh = Counter((run.account_id, run.to_do.delivery_type) for run in runs)
    if not fresh:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "at": at,
                "until": at - SPAN,
                "accounts": [account_id for account_id, _ in fresh],
                "kinds": [kind for _, kind in fresh],
                "counts": list(fresh.values()),
            },
        )
        counted = {(account_id, kind): total for account_id, kind, total in cursor.fetchall()}
    return frozenset(_beyond(runs, counted))


def _beyond(runs: Sequence[Run], counted: dict[tuple[int, str], int]) -> Iterable[int]:
    """The last runs of each account and kind that has more than it may."""
    most = settings.ENVIRONMENT.to_dos_per_hour
    for run in reversed(runs):
        place = run.account_id, run.to_do.delivery_type
        if counted[place] > most:
            counted[place] -= 1
            yield run.pk


def words(kind: str) -> str:
    """Why a run was one too many."""
    most = settings.ENVIRONMENT.to_dos_per_hour
    return (
        f"Not sent: an account's To Dos may send {most:,} {_NAMES[DeliveryType(kind)]} an hour,"
        " and these have"
    )


def check_ahead(account_id: int) -> None:
    """Raises Conflict where an account has as many To Dos that are still to run as it may."""
    ahead = Schedule.objects.filter(account_id=account_id, next_occurrence__isnull=False)
    if ahead[:MOST_AHEAD].count() >= MOST_AHEAD:
        raise Conflict(
            f"An account has up to {MOST_AHEAD:,} To Dos that are still to run; delete or pause one"
        )
