"""Deliveries that a receptionist makes by telephone: who does one, and what came of it.

They are under way from when their transport left them to the desk until somebody notes a result, or
their time is over. Source: design, on call, "Escalation" (call delivery).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import Conflict
from deskbell.messages.arrivals import told_by
from deskbell.messages.models import Message
from deskbell.platform.changes import touch

from .. import results
from ..models import Delivery, DeliveryState
from ..results import OF_THE_DESK
from ..rules import TASK_LIMIT
from ..transport import Fate, Outcome

_GONE = "It waits for nobody any more: somebody has it, or its time was over"
_OTHERS = "Another receptionist does it already"


def take_task(*, delivery: Delivery, user_id: int, at: datetime) -> Delivery:
    """Keeps a delivery for one receptionist, whose time for it begins; twice is once.

    Raises Conflict where another has it, or it waits no more. Needs the account's scope.
    """
    with transaction.atomic():
        found = _locked(delivery)
        if found.state != DeliveryState.UNDER_WAY or not found.by_receptionist:
            raise Conflict(_GONE)
        if found.taken_by not in {None, user_id}:
            raise Conflict(_OTHERS)
        if found.taken_by is None:
            found.taken_by = user_id
            found.deadline_at = max(found.deadline_at or at, at + TASK_LIMIT)
            found.save(update_fields=["taken_by", "deadline_at"])
            touch(OF_THE_DESK)
    return found


def free_task(*, delivery: Delivery, user_id: int) -> None:
    """Gives a delivery back to the others; nothing where it is not this receptionist's."""
    with transaction.atomic():
        found = _locked(delivery)
        if found.taken_by == user_id and found.state == DeliveryState.UNDER_WAY:
            found.taken_by = None
            found.save(update_fields=["taken_by"])
            touch(OF_THE_DESK)


def end_task(*, delivery: Delivery, user_id: int, outcome: Outcome, at: datetime) -> None:
    """What a receptionist notes of the call; where it is the first time that the message reached
    somebody, it was delivered by them.

    Twice, or after its time, only that it was delivered counts, as in `reporting.report`. Raises
    Conflict where another receptionist does it.
    """
    with transaction.atomic():
        list(Message.objects.select_for_update(no_key=True).filter(pk=delivery.message_id))
        found = _locked(delivery)
        if found.taken_by not in {None, user_id}:
            raise Conflict(_OTHERS)
        results.report(found, outcome, provider_id="", at=at)
        if outcome.fate == Fate.DELIVERED:
            told_by(message_id=found.message_id, user_id=user_id, at=at)
        touch(OF_THE_DESK)


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
