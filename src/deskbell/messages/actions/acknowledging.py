"""Somebody takes care of a message, or of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import JSONObject

from deskbell.foundation.errors import NotFound
from deskbell.platform.changes import touch_all

from ..errors import AlreadyAcknowledged
from ..hooks import MessageEvent, message_acknowledged
from ..lines import Line, write_down
from ..models import ActivityKind, Message, MessageStatus
from ..places import in_words

# What an acknowledgement changes and an undoing needs; the rest of where it stood stays in its row.
STOOD = ("status", "read", "next_escalation_at")


@dataclass(frozen=True, slots=True)
class _Answer:
    by: str
    at: datetime
    through: str
    address: str
    user_id: int | None


def acknowledge(
    *,
    message: Message,
    by: str,
    at: datetime,
    through: str,
    address: str = "",
    user_id: int | None = None,
) -> Message:
    """Somebody takes care of it: everything that was under way for it stops.

    `by` is who, in words; `through` is from where, one of `places.PLACES`; `address` is the number,
    mailbox or IP address that it came from, where known, and `user_id` is who, where it was one of
    our users, who may undo it. One wins where two come at the same instant. Raises NotFound, and
    AlreadyAcknowledged for the other.
    """
    with transaction.atomic():
        locked = next(iter(_locked([message.pk])), None)
        if locked is None:
            raise NotFound("No such message")
        if not locked.is_open:
            raise AlreadyAcknowledged(locked.acknowledged_by)
        _acknowledge([locked], _Answer(by, at, through, address, user_id))
    return locked


def acknowledge_many(
    *,
    messages: Sequence[Message],
    by: str,
    at: datetime,
    through: str,
    address: str = "",
    user_id: int | None = None,
) -> list[Message]:
    """Acknowledges each message that still waits for it; those already acknowledged stay so.

    Gives those that now are, in the order of their ids. A few statements, however many there are.
    """
    with transaction.atomic():
        done = [each for each in _locked(each.pk for each in messages) if each.is_open]
        _acknowledge(done, _Answer(by, at, through, address, user_id))
    return done


def _locked(ids: Iterable[int]) -> list[Message]:
    """Everybody locks messages in this order, so that nobody waits for one who waits for them."""
    rows = Message.objects.select_for_update(no_key=True, of=("self",))
    return list(rows.filter(pk__in=list(ids)).order_by("pk"))


def _acknowledge(done: Sequence[Message], answer: _Answer) -> None:
    if not done:
        return
    changes: dict[str, Any] = {
        "status": MessageStatus.ACKNOWLEDGED,
        "read": True,
        "next_escalation_at": None,
        "acknowledged_at": answer.at,
        "updated_at": answer.at,
        "acknowledged_by": answer.by[:254],
        "acknowledged_user_id": answer.user_id,
        "acknowledged_from": answer.through[:32],
        "acknowledged_address": answer.address[:200],
    }
    Message.objects.filter(pk__in=[each.pk for each in done]).update(
        before_acknowledged=JSONObject(**{name: F(name) for name in STOOD}),
        activities_count=F("activities_count") + 1,
        **changes,
    )
    for each in done:
        each.activities_count += 1
        for name, value in changes.items():
            setattr(each, name, value)
    words = f"Acknowledged by {answer.by}, {in_words(answer.through, answer.address)}"
    kind = ActivityKind.ACKNOWLEDGED
    write_down(
        [Line(each.account_id, each.pk, kind, words, answer.by) for each in done], at=answer.at
    )
    touch_all(each.account_id for each in done)
    message_acknowledged.fire(*(MessageEvent(each.account_id, each.pk) for each in done))
