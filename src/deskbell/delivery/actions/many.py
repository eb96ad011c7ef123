"""The first tries of many deliveries at once, as in a storm.

They are claimed together, carried side by side, and kept together as they come back.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from deskbell.platform.tenancy import account_scope

from .. import results
from ..claims import no_longer_wanted
from ..courier import Handover
from ..models import UNFINISHED, Delivery, DeliveryState
from ..parcels import RELATED, parcel_of
from ..queueing import queue_now
from ..registry import transports
from ..transport import Outcome, lasting_failure


def send_many(*, delivery_ids: Sequence[int], at: datetime) -> None:
    """The first try of each delivery that nobody has taken up; as `send` for all of them.

    What somebody else has in hand is left to them, and looked at again: they may have died over it.
    One provider that is slow keeps no other's result. Needs a system scope where they are of
    several accounts; must not run in a transaction.
    """
    began = time.monotonic()
    claimed = _claim(delivery_ids, at)
    others = set(delivery_ids) - {each.pk for each in claimed}
    if others:
        left = Delivery.objects.filter(pk__in=others, state__in=UNFINISHED)
        queue_now(left.only("account_id", "tries"))
    for outcomes in _carry(claimed, at):
        results.keep_many(outcomes, at=at + timedelta(seconds=time.monotonic() - began))


def _claim(delivery_ids: Sequence[int], at: datetime) -> list[Delivery]:
    """Those that are now in our hands."""
    fresh = Delivery.objects.filter(
        pk__in=delivery_ids, state=DeliveryState.QUEUED, bundle=None, next_try_at=None, tries=0
    )
    with transaction.atomic(durable=True):
        rows = fresh.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        found = list(rows.select_related(*RELATED))
        over = no_longer_wanted(found)
        ours = [each for each in found if each not in over]
        _change(over, state=DeliveryState.STOPPED, finished_at=at)
        _change(ours, state=DeliveryState.SENDING, claimed_at=at, tries=1)
    return ours


def _change(found: Sequence[Delivery], **fields: object) -> None:
    if found:
        Delivery.objects.filter(pk__in=[each.pk for each in found]).update(**fields)
        for each in found:
            for name, value in fields.items():
                setattr(each, name, value)


def _carry(claimed: Sequence[Delivery], at: datetime) -> Iterator[list[tuple[Delivery, Outcome]]]:
    """What became of them, as it becomes known."""
    handover: Handover[Delivery] = Handover()
    lost: list[tuple[Delivery, Outcome]] = []
    for delivery in claimed:
        transport = transports().get(delivery.kind)
        if delivery.method is None:
            lost.append((delivery, lasting_failure("This delivery method was removed")))
        elif transport is None:
            words = f"There is no way to deliver called {delivery.kind!r}"
            lost.append((delivery, lasting_failure(words)))
        else:
            with account_scope(delivery.account_id):
                handover.begin(delivery, transport, parcel_of(delivery, sent_at=at))
    if lost:
        yield lost
    yield from handover.ends()
