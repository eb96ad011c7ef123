"""What a delivery's call tells: the message, and all that came together with it."""

from __future__ import annotations

from deskbell.delivery import bundles, queries, replies
from deskbell.delivery.models import Delivery
from deskbell.delivery.transport import Parcel
from deskbell.foundation import clock


def parcel_of(delivery: Delivery) -> Parcel:
    """What is told in a delivery's call, as transports carry it."""
    return bundles.parcel_of_all(together(delivery), sent_at=clock.now())


def together(delivery: Delivery) -> list[Delivery]:
    """What is told in this call; the delivery itself last, as the newest."""
    others = [each.pk for each in replies.told_in_bundle(delivery) if each.pk != delivery.pk]
    return [*(queries.one(pk) for pk in others), delivery]
