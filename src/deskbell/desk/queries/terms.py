"""On what terms calls to a number are answered."""

from __future__ import annotations

from django.db.models import Q

from ..models import Answering
from ..rules.queue import Terms


def terms_of(account_id: int, number_id: int | None) -> Terms:
    """The terms of a number, else the account's for all others, else ours. One read; needs the
    account's scope."""
    own = Q(account_id=account_id) & (Q(number_id=number_id) | Q(number=None))
    rows = list(Answering.objects.filter(own).order_by("number_id"))  # NULL comes last
    if not rows:
        return Terms()
    return Terms(
        skill_id=rows[0].skill_id,
        patience_seconds=rows[0].patience_seconds,
        wrap_seconds=rows[0].wrap_seconds,
        target_seconds=rows[0].target_seconds,
    )
