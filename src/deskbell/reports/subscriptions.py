"""What others tell reports. Handlers only queue jobs, or move what is planned."""

from __future__ import annotations

from deskbell.accounts.hooks import ZoneEvent
from deskbell.platform.jobs import enqueue, enqueue_many

from . import actions
from .jobs.mails import send_export, send_failure
from .models import Export, ExportState, ScheduledExport


def on_export_ended(export: Export) -> None:
    """Has what a schedule made mailed to each of its recipients, or its maker told why not."""
    schedule = ScheduledExport.objects.filter(exports=export.pk).first()
    if schedule is None:
        return
    named = {"account_id": export.account_id, "export_id": export.pk}
    if export.state == ExportState.DONE:
        to = {
            f"export-{export.pk}-{each}": {**named, "address": each} for each in schedule.recipients
        }
        enqueue_many(send_export, to)
    else:
        enqueue(send_failure, account_id=export.account_id, export_id=export.pk)


def on_time_zone_changed(event: ZoneEvent) -> None:
    """Has schedules and summaries keep their times of day."""
    actions.follow_zone(account_id=event.account_id, at=event.at)
    actions.follow_zone_with_summaries(account_id=event.account_id, at=event.at)
