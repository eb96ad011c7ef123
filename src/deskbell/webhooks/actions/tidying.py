"""What was told long ago is forgotten."""

from __future__ import annotations

from datetime import datetime

from ..models import Notice, Subscription
from ..rules import KEPT_FOR

_TOGETHER = 1000


def tidy(*, at: datetime) -> int:
    """Deletes notices made more than thirty days ago, with their attempts, some at a time, and what
    receivers answered so long ago, for an answer may repeat what it was told.

    Needs a system scope. Gives how many went.
    """
    gone = 0
    old = Notice.objects.filter(created_at__lt=at - KEPT_FOR).order_by("created_at")
    while ids := list(old.values_list("pk", flat=True)[:_TOGETHER]):
        Notice.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    Subscription.objects.filter(last_attempt_at__lt=at - KEPT_FOR).exclude(last_answer="").update(
        last_answer=""
    )
    return gone
