"""A turn at one subscription: what is due is claimed, sent, and kept, until the turn is over.

A subscription is in one worker's hands at a time, for as long as a turn may take; what a worker
had in hand when it died goes again with the same uuid. What is due next is in the queue before a
turn ends, so nothing is forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

from deskbell.lines.vault import Sealed, unseal

from .. import requests
from ..models import Attempt, Notice, NoticeState, Subscription
from ..queueing import queue_turn
from ..requests import Answer
from ..rules import GRACE, LEASE, SIDE_BY_SIDE, TURN
from .results import keep, write_off

# The database's clock wakes the job and ours says what is due; they may differ a little.
_EARLY = timedelta(seconds=1)


class _Clock:
    """The time while a turn lasts, from the instant that it was given."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._at + self.taken()

    def taken(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)


def send_due(*, subscription_id: int, at: datetime) -> None:
    """Sends what is due of a subscription, for a few seconds; then others have their turn.

    Does nothing for one that is paused or gone; looks again later at one that another worker has
    in hand, or that is left alone because it gave no answer. Must not run inside a transaction, or
    others would not see what is in hand (RuntimeError).
    """
    clock = _Clock(at)
    subscription = _take(subscription_id, at)
    if subscription is None:
        return
    try:
        _send(subscription, clock)
    finally:
        _let_go(subscription, clock.now())


def _take(subscription_id: int, at: datetime) -> Subscription | None:
    with transaction.atomic(durable=True):
        rows = Subscription.objects.select_for_update(no_key=True).filter(is_paused=False)
        found = rows.filter(pk=subscription_id).first()
        if found is None:
            return None
        later = max(each for each in (found.busy_until, found.held_until, at) if each)
        if later > at + _EARLY:
            queue_turn(found, at=at, when=later)
            return None
        found.busy_until = at + LEASE
        found.save(update_fields=["busy_until"])
        _take_over(found, at)
        write_off(_unfinished(found).filter(give_up_at__lt=at - GRACE), at)
    return found


def _take_over(subscription: Subscription, at: datetime) -> None:
    """What is being sent by nobody who lives is due again."""
    lost = list(_unfinished(subscription).filter(state=NoticeState.SENDING))
    if not lost:
        return
    Attempt.objects.bulk_create(
        Attempt(
            account_id=each.account_id,
            notice=each,
            number=each.tries,
            at=each.claimed_at or at,
            answer="A worker stopped over it; it is sent again",
        )
        for each in lost
    )
    again = Notice.objects.filter(pk__in=[each.pk for each in lost])
    again.update(state=NoticeState.WAITING, next_try_at=at)


def _send(subscription: Subscription, clock: _Clock) -> None:
    goes_on = True
    while goes_on and clock.taken() < TURN:
        together = 1 if subscription.is_slowly_sent else SIDE_BY_SIDE
        claimed = _claim(subscription, clock.now(), together)
        if not claimed:
            return
        answers = _post(subscription, claimed, clock.now())
        goes_on = keep(subscription, list(zip(claimed, answers, strict=True)), at=clock.now())


def _claim(subscription: Subscription, at: datetime, together: int) -> list[Notice]:
    """The oldest that are due, now in our hands; of one message one at a time, so that what
    happened first is told first."""
    with transaction.atomic(durable=True):
        due = _unfinished(subscription).filter(
            state=NoticeState.WAITING, next_try_at__lte=at + _EARLY
        )
        claimed: dict[int, Notice] = {}
        for notice in due.select_for_update().order_by("next_try_at", "id")[:together]:
            claimed.setdefault(notice.message_id or -notice.pk, notice)
        found = list(claimed.values())
        for notice in found:
            notice.state, notice.claimed_at = NoticeState.SENDING, at
            notice.tries += 1
        Notice.objects.bulk_update(found, ["state", "claimed_at", "tries"])
    return found


def _post(subscription: Subscription, notices: Sequence[Notice], at: datetime) -> list[Answer]:
    try:
        secret = unseal(subscription.secret)
    except Sealed:
        words = "Its secret cannot be read any longer; make a new one"
        return [Answer(None, words, is_final=True) for _ in notices]
    return requests.post_all(
        [
            requests.Request(
                url=subscription.url,
                secret=secret,
                body=each.body,
                uuid=each.uuid,
                happening=each.happening,
                sent_at=at,
            )
            for each in notices
        ]
    )


def _let_go(subscription: Subscription, at: datetime) -> None:
    """Somebody else may have it; what is due next is queued."""
    with transaction.atomic(durable=True):
        rows = Subscription.objects.select_for_update(no_key=True)
        found = rows.filter(pk=subscription.pk).first()
        if found is None:
            return
        found.busy_until = None
        found.save(update_fields=["busy_until"])
        # Locked by now: whoever was told to wait for us has written what is due before this look.
        due = _unfinished(found).aggregate(due=Min("next_try_at"))["due"]
        if due is not None and not found.is_paused:
            queue_turn(found, at=at, when=max(due, found.held_until or due))


def _unfinished(subscription: Subscription) -> QuerySet[Notice]:
    states = (NoticeState.WAITING, NoticeState.SENDING)
    return Notice.objects.filter(subscription=subscription, state__in=states)
