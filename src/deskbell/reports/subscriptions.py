"""What others tell reports. Handlers only queue jobs, or move what is planned."""

from __future__ import annotations

from deskbell.accounts.hooks import ZoneEvent
from deskbell.platform.jobs import enqueue, enqueue_many

from . import actions
from .jobs.mails import send_export, send_trouble
from .models import Export, ExportState, ScheduledExport


def on_export_ended(export: Export) -> None:
    """Has what a schedule made mailed to each of its recipients, or its maker told why not."""
    rows = ScheduledExport.objects.filter(exports=export.pk)
    if (schedule := rows.first()) is None:
        return
    if export.state == ExportState.DONE:
        base = {"account_id": export.account_id, "export_id": export.pk}
        jobs = {
            f"export-{export.pk}-{each}": {**base, "address": each} for each in schedule.recipients
        }
        enqueue_many(send_export, jobs)
        return
    schedule.trouble = f"No file was made: {export.trouble}"[:300]
    schedule.save(update_fields=["trouble"])
    if schedule.created_by_id:
        enqueue(
            send_trouble,
            account_id=schedule.account_id,
            schedule_id=schedule.pk,
            user_id=schedule.created_by_id,
        )


def on_time_zone_changed(event: ZoneEvent) -> None:
    """Has schedules and summaries keep their times of day."""
    actions.follow_zone(account_id=event.account_id, at=event.at)
    actions.follow_zone_with_summaries(account_id=event.account_id, at=event.at)
