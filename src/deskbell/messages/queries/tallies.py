"""How many messages each tab has, without counting them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from deskbell.platform.tenancy import current_scope

_SUMS = (
    "SELECT coalesce(sum(new), 0), coalesce(sum(acknowledged), 0), coalesce(sum(other), 0)"
    " FROM deskbell_messages_tally"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages wait for an acknowledgement, and how many have one; self-tests only while
    they are under way."""

    new: int
    acknowledged: int


def counts() -> Counts:
    """Both tabs' counts: one indexed read of what the database has kept count of."""
    found = _sums()
    return Counts(new=found["new"], acknowledged=found["acknowledged"])


def count_of_all() -> int:
    """How many messages there are, self-tests included; as `counts`."""
    return sum(_sums().values())


def _sums() -> dict[str, int]:
    """Asked by every list, so in plain SQL: putting it together took longer than its answer."""
    account_id = current_scope().account_id
    with connection.cursor() as cursor:
        if account_id is None:
            cursor.execute(_SUMS)
        else:
            cursor.execute(f"{_SUMS} WHERE account_id = %s", [account_id])
        row = cursor.fetchone()
    return dict(zip(("new", "acknowledged", "other"), map(int, row), strict=True))
