"""Mailing what the scheduler made: a job for each address, so that one that fails holds up none."""

from __future__ import annotations

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope

from ..mails import exports as mails


@jobs.job("reports.send_export", concurrency=4)
def send_export(*, account_id: int, export_id: int, address: str) -> None:
    """Mails one address what a schedule made; see `mails.exports.send_export`."""
    with account_scope(account_id):
        mails.send_export(export_id=export_id, address=address, at=now())


@jobs.job("reports.send_trouble", concurrency=4)
def send_trouble(*, account_id: int, schedule_id: int, user_id: int) -> None:
    """Mails somebody what is wrong with a schedule; see `mails.exports.send_trouble`."""
    with account_scope(account_id):
        mails.send_trouble(schedule_id=schedule_id, user_id=user_id, at=now())
