"""What a person has sent on purpose: a notice once more, or a test."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import Conflict, NotFound

from .. import bodies
from ..errors import IsPaused
from ..models import UNFINISHED, Happening, Notice, NoticeState, Subscription
from ..queueing import queue_turn
from ..rules import FIRST, TRIED_FOR


def send_again(*, notice: Notice, at: datetime) -> Notice:
    """Sends a notice once more, with the same uuid and the same body, and tries it for a day.

    One that waits for its next try goes now. Raises NotFound, IsPaused, and Conflict for one that
    is being sent at this moment.
    """
    with transaction.atomic():
        subscription = _ready(notice.subscription_id)
        found = Notice.objects.select_for_update().filter(pk=notice.pk).first()
        if found is None:
            raise NotFound("No such notice")
        if found.state == NoticeState.SENDING:
            raise Conflict("It is being sent at this moment")
        found.state, found.finished_at = NoticeState.WAITING, None
        found.next_try_at, found.give_up_at = FIRST, at + TRIED_FOR
        found.save(update_fields=["state", "finished_at", "next_try_at", "give_up_at"])
        queue_turn(subscription, at=at, when=at)
    return found


def send_test(*, subscription: Subscription, at: datetime) -> Notice:
    """Sends a test, once, to see that the receiver takes it. Raises NotFound, IsPaused, and
    Conflict where the last test is still under way."""
    with transaction.atomic():
        ready = _ready(subscription.pk)
        tests = Notice.objects.filter(subscription=ready, happening=Happening.TEST)
        if tests.filter(state__in=UNFINISHED).exists():
            raise Conflict("A test is being sent already")
        name = uuid.uuid4()
        made = Notice(
            account_id=ready.account_id,
            uuid=name,
            subscription=ready,
            happening=Happening.TEST,
            body=bodies.test_body(name, subscription_id=ready.pk, url=ready.url, at=at),
            created_at=at,
            next_try_at=FIRST,
            give_up_at=at + TRIED_FOR,
        )
        made.save()
        queue_turn(ready, at=at, when=at)
    return made


def _ready(subscription_id: int) -> Subscription:
    """A subscription that is not paused, locked, and no longer left alone: somebody waits."""
    rows = Subscription.objects.select_for_update(no_key=True).filter(removed_at=None)
    found = rows.filter(pk=subscription_id).first()
    if found is None:
        raise NotFound("No such webhook")
    if found.is_paused:
        raise IsPaused
    found.held_until = None
    found.save(update_fields=["held_until"])
    return found
