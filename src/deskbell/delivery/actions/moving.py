"""What keeps deliveries moving, or ends them: the watchdog's look, an acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from deskbell.messages.hooks import MessageEvent
from deskbell.messages.models import Message
from deskbell.platform.tenancy import system_scope

from .. import bundles
from ..courier import call_back
from ..models import Delivery, DeliveryState
from ..parcels import RELATED
from ..queueing import queue_again, queue_recalls
from ..registry import transports
from ..rules import OVERDUE, STALE_CLAIM


def stop(events: Sequence[MessageEvent]) -> None:
    """Messages were acknowledged: what was not sent yet is not sent, in the same transaction.

    What is under way is called back by a job; what waits for a receptionist to call is one of those
    that were not sent. What somebody forwarded goes on: it is sent to tell
    people, not to find one. A few statements, however many there are.
    """
    acknowledged = Message.objects.filter(pk=OuterRef("message_id")).values("acknowledged_at")
    ids = [each.message_id for each in events]
    theirs = Delivery.objects.filter(message_id__in=ids, forwarded_by="")
    not_sent = Q(state__in=(DeliveryState.QUEUED, DeliveryState.RETRYING))
    waits_for_call = Q(state=DeliveryState.UNDER_WAY, by_receptionist=True)
    theirs.filter(not_sent | waits_for_call).update(
        state=DeliveryState.STOPPED, next_try_at=None, finished_at=Subquery(acknowledged[:1])
    )
    queue_recalls(theirs.filter(state=DeliveryState.UNDER_WAY).only("account_id"))


def recall(*, delivery_id: int, at: datetime) -> None:
    """Has the transport end what is under way and no longer wanted, as a call that rings.

    Does nothing where it is over, or where it stands for a message that still waits for somebody.
    What became of it is still reported. Writes nothing.
    """
    delivery = Delivery.objects.select_related(*RELATED).filter(pk=delivery_id).first()
    if delivery is None or delivery.state != DeliveryState.UNDER_WAY:
        return
    together = [delivery]
    if delivery.bundle is not None:
        found = Delivery.objects.filter(bundle=delivery.bundle, state=DeliveryState.UNDER_WAY)
        together = list(found.select_related(*RELATED).order_by("created_at", "id"))
    transport = transports().get(delivery.kind)
    is_over = all(each.is_over_for(each.message) for each in together)
    if transport is not None and is_over:
        parcel = bundles.parcel_of_all(together, sent_at=at)
        call_back(transport, parcel, delivery.provider_id)


def recover(at: datetime) -> int:
    """Queues every delivery that should be moving and is not; for the watchdog. Returns how many.

    These are the ones claimed longer than 20 s ago, due for over 30 s, or under way beyond their
    deadline. Where a delivery's job is only waiting its turn, nothing is queued twice, nor counted.
    Works across accounts.
    """
    overdue = at - OVERDUE
    with system_scope("deliveries of any account may be stuck"):
        stuck = Delivery.objects.filter(
            Q(state=DeliveryState.SENDING, claimed_at__lte=at - STALE_CLAIM)
            | Q(state=DeliveryState.UNDER_WAY, deadline_at__lte=at)
            | Q(state=DeliveryState.QUEUED, next_try_at=None, created_at__lte=overdue)
            | Q(state=DeliveryState.QUEUED, next_try_at__lte=overdue)
            | Q(state=DeliveryState.RETRYING, next_try_at__lte=overdue)
        )
        return queue_again(stuck.only("account_id", "tries", "bundle"))
