"""The only writes to deliveries.

A try is claimed in one transaction, carried outside any, and its result kept in another. A worker
that dies in between leaves a claim that grows stale: the delivery is then sent again with the same
idempotency key, and marked so. Locks are taken in the order message, delivery.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from deskbell.contacts import actions as contacts
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.messages.hooks import MessageEvent
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import system_scope

from . import results
from .courier import hand_over
from .models import UNFINISHED, Delivery, DeliveryState
from .parcels import RELATED, parcel_of
from .queueing import queue_now, queue_try
from .registry import transport_of, transports
from .rules import OVERDUE, STALE_CLAIM
from .transport import Outcome, lasting_failure

# The database's clock wakes the job and ours says whether it is due; they may differ a little.
_EARLY = timedelta(seconds=1)


def deliver(
    *,
    message: Message,
    methods: Sequence[DeliveryMethod],
    level_id: int | None,
    level_name: str,
    attempt: int,
    at: datetime,
) -> list[Delivery]:
    """Makes a delivery for each method and queues them all, in the transaction that is open.

    `methods` come with their contacts selected. Writes rows and one job each; sends nothing.
    """
    made = [
        Delivery(
            account_id=message.account_id,
            message=message,
            method=method,
            kind=method.kind,
            address=method.address,
            contact_name=method.contact.name,
            level_id=level_id,
            level_name=level_name,
            attempt=attempt,
            created_at=at,
        )
        for method in methods
    ]
    with transaction.atomic():
        Delivery.objects.bulk_create(made)
        queue_now(made)
    return made


def add_checked_method(
    *,
    contact: Contact,
    kind: str,
    address: str,
    at: datetime,
    phone_type: str = "",
    instructions: str = "",
    verified_at: datetime | None = None,
) -> DeliveryMethod:
    """One more way to reach a contact, its address checked by the transport of its kind.

    A kind that signs gets a secret. Raises InvalidInput, in words, for an unknown kind or an
    address that cannot work.
    """
    transport = transport_of(kind)
    return contacts.add_method(
        contact=contact,
        kind=kind,
        address=transport.check_address(address),
        at=at,
        secret=secrets.token_urlsafe(32) if transport.has_secret else "",
        phone_type=phone_type,
        instructions=instructions,
        verified_at=verified_at,
    )


def send(*, delivery_id: int, at: datetime) -> None:
    """One try: claims the delivery, hands it to its transport, keeps the result.

    Does nothing for a delivery that is gone or finished; stops one whose message was acknowledged;
    looks again later at one that is not due yet, or that another worker holds. Must not run inside
    a transaction, or others would not see the claim (RuntimeError).
    """
    began = time.monotonic()
    delivery = _claim(delivery_id, at)
    if delivery is None:
        return
    outcome = _carry(delivery, at)
    results.keep(delivery, outcome, at=at + timedelta(seconds=time.monotonic() - began))


def _claim(delivery_id: int, at: datetime) -> Delivery | None:
    """The delivery, now in our hands, or None where there is nothing to send."""
    with transaction.atomic(durable=True):
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related(*RELATED)
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None or delivery.state not in UNFINISHED:
            return None
        if (due := _due_at(delivery)) > at + _EARLY:
            queue_try(delivery, after=due - at, again=True)
            return None
        if delivery.message.status == MessageStatus.ACKNOWLEDGED:
            delivery.state, delivery.finished_at = DeliveryState.STOPPED, at
        else:
            delivery.sent_again |= delivery.state == DeliveryState.SENDING
            delivery.state, delivery.claimed_at = DeliveryState.SENDING, at
            delivery.tries += 1
        delivery.save(update_fields=["state", "finished_at", "sent_again", "claimed_at", "tries"])
    return delivery if delivery.state == DeliveryState.SENDING else None


def _due_at(delivery: Delivery) -> datetime:
    """When a delivery may next be claimed."""
    if delivery.state == DeliveryState.SENDING and delivery.claimed_at:
        return delivery.claimed_at + STALE_CLAIM
    return delivery.next_try_at or delivery.created_at


def _carry(delivery: Delivery, at: datetime) -> Outcome:
    if delivery.method is None:
        return lasting_failure("This delivery method was removed")
    transport = transports().get(delivery.kind)
    if transport is None:
        return lasting_failure(f"There is no way to deliver called {delivery.kind!r}")
    return hand_over(transport, parcel_of(delivery, sent_at=at))


def stop(event: MessageEvent) -> None:
    """The message was acknowledged: what was not sent yet is not sent, in the same transaction."""
    acknowledged = Message.objects.filter(pk=event.message_id).values("acknowledged_at")
    Delivery.objects.filter(
        message_id=event.message_id, state__in=(DeliveryState.QUEUED, DeliveryState.RETRYING)
    ).update(state=DeliveryState.STOPPED, next_try_at=None, finished_at=acknowledged[:1])


def recover(at: datetime) -> int:
    """Queues every delivery that should be moving and is not; for the watchdog. Returns how many.

    These are the ones claimed longer than 20 s ago or due for over 30 s. Where a delivery's job is
    only waiting its turn, nothing is queued twice, nor counted. Works across accounts.
    """
    overdue = at - OVERDUE
    with system_scope("deliveries of any account may be stuck"):
        stuck = Delivery.objects.filter(
            Q(state=DeliveryState.SENDING, claimed_at__lte=at - STALE_CLAIM)
            | Q(state=DeliveryState.QUEUED, created_at__lte=overdue)
            | Q(state=DeliveryState.RETRYING, next_try_at__lte=overdue)
        )
        return queue_now(stuck.only("account_id", "tries"))
