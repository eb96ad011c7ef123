"""What carriers report later of a text: it arrived, or it did not.

What the carrier took counts as delivered; a report that it did not arrive makes the delivery
failed, in words, and leaves the level where that was its last hope. Reports may come late, twice,
or before we have kept that the carrier took the text.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from deskbell.delivery import actions
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.transport import delivered, lasting_failure
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import account_scope

from .carriers import Report
from .stops import stop

SOON: Final = timedelta(seconds=20)  # a claim lasts no longer than this


def take(*, report: Report, account_id: int, delivery_id: int, at: datetime) -> None:
    """Keeps what a carrier reports of the text of a delivery; harmless for any other text.

    One that comes while the text is still being sent is looked at again by a job.
    """
    if not (report.has_arrived or report.has_failed):
        return
    with account_scope(account_id):
        found = Delivery.objects.filter(pk=delivery_id).first()
        if found is None:
            return
        if found.state == DeliveryState.SENDING and found.provider_id != report.provider_id:
            _look_again(report, account_id, delivery_id)
        elif found.provider_id == report.provider_id:
            _keep(found, report, at)


def _keep(delivery: Delivery, report: Report, at: datetime) -> None:
    if report.is_stopped and delivery.sender:
        stop(ours=delivery.sender, theirs=delivery.address, at=at)
    outcome = delivered("It arrived") if report.has_arrived else lasting_failure(report.words)
    actions.correct(delivery_id=delivery.pk, outcome=outcome, at=at)


def _look_again(report: Report, account_id: int, delivery_id: int) -> None:
    from .jobs import look_again  # which runs this very module

    enqueue(
        look_again,
        after=SOON,
        key=f"text-report-{report.provider_id}-{report.has_failed}",
        account_id=account_id,
        delivery_id=delivery_id,
        provider_id=report.provider_id,
        has_failed=report.has_failed,
        words=report.words,
        is_stopped=report.is_stopped,
    )
