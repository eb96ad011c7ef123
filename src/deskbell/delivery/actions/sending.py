"""One try of a delivery, or of all that goes in one parcel: claim, carry, keep."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from deskbell.foundation.errors import Refused

from .. import bundles, codes, results
from ..claims import no_longer_wanted
from ..courier import hand_over
from ..models import UNFINISHED, Delivery, DeliveryState, Try
from ..parcels import RELATED
from ..queueing import queue_bundle, queue_try
from ..registry import transports
from ..rules import STALE_CLAIM
from ..transport import (
    Outcome,
    Parcel,
    Prepares,
    Transport,
    lasting_failure,
    passing_failure,
    unanswered,
)

# The database's clock wakes the job and ours says whether it is due; they may differ a little.
_EARLY = timedelta(seconds=1)
_CLAIMED = ["state", "finished_at", "next_try_at", "sent_again", "claimed_at", "tries"]
_BUNDLED = [*_CLAIMED, "bundle", "address"]
_LOST = passing_failure("No word came of what became of it", may_have_arrived=True)
_NOBODY_CALLED = unanswered("No receptionist called in time")


def send(*, delivery_id: int, at: datetime) -> None:
    """One try: claims the delivery, hands it to its transport, keeps the result.

    Does nothing for a delivery that is gone or finished; stops one whose message was acknowledged;
    looks again later at one that is not due yet, or that another worker holds; one that belongs to
    a bundle goes with it. Must not run inside a transaction, or others would not see the claim
    (RuntimeError).
    """
    began = time.monotonic()
    found = _claim(delivery_id, at)
    if isinstance(found, UUID):
        send_bundle(bundle=found, at=at)
    elif found is not None:
        _try([found], at, began)


def send_bundle(*, bundle: UUID, at: datetime) -> None:
    """One try of all that belongs to a bundle, or that waits in a room for one; as `send`.

    They go in one parcel, share its fate, and each keeps it. Where a worker dies in between, what
    has no result yet goes again, with the same idempotency key.
    """
    began = time.monotonic()
    found = _claim_bundle(bundle, at)
    if found:
        _try(found, at, began)


def _try(claimed: Sequence[Delivery], at: datetime, began: float) -> None:
    lost = [each for each in claimed if each.state == DeliveryState.UNDER_WAY]
    sent = [each for each in claimed if each.state == DeliveryState.SENDING]
    for delivery in lost:
        results.keep(delivery, _NOBODY_CALLED if delivery.by_receptionist else _LOST, at=at)
    if sent:
        outcome = _carry(sent, at)
        ended = at + timedelta(seconds=time.monotonic() - began)
        for delivery in sent:
            results.keep(delivery, outcome, at=ended)


def _claim(delivery_id: int, at: datetime) -> Delivery | UUID | None:
    """The delivery, now in our hands; its bundle, which is claimed as a whole; or None where there
    is nothing to send."""
    with transaction.atomic(durable=True):
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related(*RELATED)
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None or delivery.state not in UNFINISHED:
            return None
        if delivery.bundle is not None:
            return delivery.bundle
        if (due := _due_at(delivery)) > at + _EARLY:
            queue_try(delivery, after=due - at, again=True)
            return None
        _take(delivery, at)
        delivery.save(update_fields=_CLAIMED)
        if delivery.state == DeliveryState.SENDING:
            codes.give([delivery])
    return None if delivery.state == DeliveryState.STOPPED else delivery


def _claim_bundle(bundle: UUID, at: datetime) -> list[Delivery]:
    """What of a bundle is due, now in our hands."""
    with transaction.atomic(durable=True):
        bundles.lock(bundle)
        found = bundles.members(bundle)
        due = [each for each in found if _due_at(each) <= at + _EARLY]
        if not due:
            if found:
                queue_bundle(found[0], after=min(map(_due_at, found)) - at, again=True)
            return []
        waited = [each for each in due if each.state == DeliveryState.QUEUED]
        for delivery in due:
            _take(delivery, at)
        bundles.set_out([each for each in waited if each.state == DeliveryState.SENDING])
        Delivery.objects.bulk_update(due, _BUNDLED)
        codes.give([each for each in due if each.state == DeliveryState.SENDING])
    return [each for each in due if each.state != DeliveryState.STOPPED]


def _due_at(delivery: Delivery) -> datetime:
    """When a delivery may next be claimed."""
    if delivery.state == DeliveryState.SENDING and delivery.claimed_at:
        return delivery.claimed_at + STALE_CLAIM
    if delivery.state == DeliveryState.UNDER_WAY and delivery.deadline_at:
        return delivery.deadline_at
    return delivery.next_try_at or delivery.created_at


def _take(delivery: Delivery, at: datetime) -> None:
    """Claims a delivery that is due, or stops it; what is under way and overdue stays so, lost."""
    if no_longer_wanted([delivery]):
        delivery.state, delivery.finished_at = DeliveryState.STOPPED, at
        delivery.next_try_at = None
        return
    if delivery.state == DeliveryState.UNDER_WAY:
        return
    if delivery.state == DeliveryState.SENDING:
        delivery.sent_again = True
        Try.objects.create(
            account_id=delivery.account_id,
            delivery=delivery,
            number=delivery.tries,
            began_at=delivery.claimed_at or at,
            ended_at=at,
            fate="lost",
            answer="A worker stopped over it; it was sent again",
        )
    delivery.state, delivery.claimed_at = DeliveryState.SENDING, at
    delivery.tries += 1


def _carry(sent: Sequence[Delivery], at: datetime) -> Outcome:
    """Hands them to their transport, as one parcel."""
    newest = sent[-1]
    if newest.method is None:
        return lasting_failure("This delivery method was removed")
    transport = transports().get(newest.kind)
    if transport is None:
        return lasting_failure(f"There is no way to deliver called {newest.kind!r}")
    parcel = bundles.parcel_of_all(sent, sent_at=at)
    if isinstance(transport, Prepares):
        return _prepared(transport, transport, sent, parcel)
    return hand_over(transport, parcel)


def _prepared(
    transport: Transport, prepares: Prepares, sent: Sequence[Delivery], parcel: Parcel
) -> Outcome:
    """With the sender kept before it leaves: an answer may be here before the result is."""
    try:
        parcel = prepares.prepare(parcel)
    except Refused as error:
        return lasting_failure(str(error))
    others = [each.pk for each in sent if each.sender != parcel.sender]
    if others:
        Delivery.objects.filter(pk__in=others).update(sender=parcel.sender)
    return hand_over(transport, parcel)
