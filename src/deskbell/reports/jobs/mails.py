"""Mailing what the scheduler made: a job for each address, so that one that fails holds up none."""

from __future__ import annotations

from datetime import datetime

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope

from ..mails import exports as mails


@jobs.job("reports.send_export", concurrency=4)
def send_export(*, account_id: int, export_id: int, address: str) -> None:
    """Mails one address what a schedule made; see `mails.exports.send_export`."""
    with account_scope(account_id):
        mails.send_export(export_id=export_id, address=address, at=now())


@jobs.job("reports.send_failure", concurrency=4)
def send_failure(*, account_id: int, export_id: int) -> None:
    """Says that no file was made; see `mails.exports.send_failure`."""
    with account_scope(account_id):
        mails.send_failure(export_id=export_id, at=now())


@jobs.job("reports.send_trouble", concurrency=4)
def send_trouble(*, account_id: int, schedule_id: int, user_id: int, since: str) -> None:
    """Mails somebody what is wrong with a schedule since a time (ISO 8601); see
    `mails.exports.send_trouble`."""
    with account_scope(account_id):
        began = datetime.fromisoformat(since)
        mails.send_trouble(schedule_id=schedule_id, user_id=user_id, since=began, at=now())
