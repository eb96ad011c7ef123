"""How many messages each tab has, without counting them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from deskbell.platform.tenancy import current_scope

from ..models import Tally


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
    account_id = current_scope().account_id
    rows = Tally.objects.all()
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    found = rows.aggregate(new=Sum("new"), acknowledged=Sum("acknowledged"), other=Sum("other"))
    return {name: count or 0 for name, count in found.items()}
