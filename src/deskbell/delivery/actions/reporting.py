"""What others say later of what was sent: a call's end, a mail that came back."""

from __future__ import annotations

from datetime import datetime

from .. import results
from ..models import Delivery
from ..transport import Outcome


def report(*, delivery_id: int, outcome: Outcome, at: datetime, provider_id: str = "") -> None:
    """What became of something under way, and of all that went in the same bundle.

    Needs the account's scope. May come before the transport that sent it has come back, late, twice
    or for a delivery that is gone. `provider_id` tells which try it is about: one of an earlier try
    counts only where it says that it was delivered.
    """
    found = Delivery.objects.filter(pk=delivery_id).only("message_id", "bundle").first()
    if found is None:
        return
    for each in _together(found):
        results.report(each, outcome, provider_id=provider_id, at=at)


def correct(*, delivery_id: int, outcome: Outcome, at: datetime) -> None:
    """What is said later of a delivery that counted as delivered, as by a mailbox.

    A lasting failure makes it failed, tells the rooms above, and says so in the activities; a
    delivered one is kept as its answer. Where the transport has not come back yet, it ends the try.
    Anything else, twice, or for a delivery that is over otherwise: nothing changes. Needs the
    account's scope.
    """
    found = Delivery.objects.filter(pk=delivery_id).only("message_id", "bundle").first()
    if found is None:
        return
    for each in _together(found):
        results.correct(each, outcome, at=at)


def _together(delivery: Delivery) -> list[Delivery]:
    if delivery.bundle is None:
        return [delivery]
    found = Delivery.objects.filter(bundle=delivery.bundle)
    return list(found.only("message_id", "bundle").order_by("id"))
