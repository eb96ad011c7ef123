"""What came of attempts: of the notices they told, and of the subscription they were for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from ..models import Attempt, Happening, Notice, NoticeState, Subscription
from ..requests import Answer
from ..rules import PAUSED_AFTER, SLOW, is_given_up_on, next_try, silence_after

Result = tuple[Notice, Answer]
_KEPT = ("state", "next_try_at", "finished_at")


def keep(subscription: Subscription, results: Sequence[Result], *, at: datetime) -> bool:
    """Keeps what came of the claimed notices, known `at`, and what it says of the receiver.

    The subscription in hand is brought up to date. Gives whether its turn goes on. What another
    worker claimed meanwhile is its to keep.
    """
    with transaction.atomic(durable=True):
        rows = Subscription.objects.select_for_update(no_key=True)
        standing = rows.filter(pk=subscription.pk).first()
        if standing is None:
            return False
        ours = _still_ours(results)
        Attempt.objects.bulk_create(_attempt(notice, answer) for notice, answer in ours)
        for notice, answer in ours:
            _settle(notice, answer, at)
        Notice.objects.bulk_update([notice for notice, _ in ours], _KEPT)
        if standing.url != subscription.url:  # what came says nothing of the new receiver
            return False
        changes = _judged(standing, results, at)
        Subscription.objects.filter(pk=standing.pk).update(**changes)
    now = {"is_paused": standing.is_paused, "secret": standing.secret, **changes}
    for name, value in now.items():
        setattr(subscription, name, value)
    return not (subscription.is_paused or subscription.held_until)


def write_off(notices: QuerySet[Notice], at: datetime) -> int:
    """Gives up notices whose day is over, in one statement; how many."""
    return notices.filter(state=NoticeState.WAITING).update(
        state=NoticeState.FAILED, next_try_at=None, finished_at=at
    )


def _still_ours(results: Sequence[Result]) -> list[Result]:
    claimed = Notice.objects.select_for_update().filter(
        pk__in=[notice.pk for notice, _ in results], state=NoticeState.SENDING
    )
    tries = dict(claimed.order_by("pk").values_list("pk", "tries"))
    return [each for each in results if tries.get(each[0].pk) == each[0].tries]


def _attempt(notice: Notice, answer: Answer) -> Attempt:
    return Attempt(
        account_id=notice.account_id,
        notice=notice,
        number=notice.tries,
        at=notice.claimed_at or notice.created_at,
        milliseconds=round(answer.took / timedelta(milliseconds=1)),
        status=answer.status,
        answer=answer.words,
    )


def _settle(notice: Notice, answer: Answer, at: datetime) -> None:
    notice.next_try_at = None
    if answer.is_success:
        notice.state, notice.finished_at = NoticeState.SENT, at
        return
    if not answer.is_final and notice.happening != Happening.TEST:
        notice.next_try_at = next_try(
            tries=notice.tries,
            at=at,
            give_up_at=notice.give_up_at,
            retry_after=answer.retry_after,
        )
    if notice.next_try_at is None:
        notice.state, notice.finished_at = NoticeState.FAILED, at
    else:
        notice.state = NoticeState.WAITING


def _judged(standing: Subscription, results: Sequence[Result], at: datetime) -> dict[str, Any]:
    """What the subscription's fields then are."""
    answers = [answer for _, answer in results]
    last = answers[-1]
    silences = standing.silences + 1 if all(each.is_silence for each in answers) else 0
    has_success = any(each.is_success for each in answers)
    is_slow = any(each.took >= SLOW for each in answers)
    since = None if has_success else standing.failing_since or at
    changes: dict[str, Any] = {
        "silences": silences,
        "held_until": at + silence_after(silences) if silences else None,
        "is_slow": is_slow or (standing.is_slow and not has_success),
        "failing_since": since,
        "last_attempt_at": results[-1][0].claimed_at,
        "last_status": last.status,
        "last_answer": last.words,
    }
    if is_given_up_on(since, at) and not standing.is_paused:
        words = f"{last.status} {last.words}".strip() if last.status else last.words
        changes |= {
            "is_paused": True,
            "paused_because": f"Every attempt failed for {PAUSED_AFTER.days} days; the last one:"
            f" {words or 'no words'}"[:500],
        }
    return changes
