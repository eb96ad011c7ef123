"""What keeps the queue's own tables, and the sessions', from growing without end."""

from __future__ import annotations

import logging

from django.core.management import call_command
from django.db import connection

log = logging.getLogger(__name__)
LOG_DAYS = 7
STATISTICS_DAYS = 90


def release_held() -> None:
    """Puts jobs back that the queue has set aside, as when putting one back failed itself.

    Of jobs with one key the oldest goes back, and none where one is queued by now: that does the
    work of all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pgqueuer AS held SET status = 'queued', execute_after = now(), updated = now(),"
            " attempts = 0, queue_manager_id = NULL WHERE status = 'failed' AND NOT EXISTS"
            " (SELECT 1 FROM pgqueuer AS other WHERE other.dedupe_key = held.dedupe_key"
            " AND (other.status IN ('queued', 'picked')"
            " OR other.status = 'failed' AND other.id < held.id))"
        )
        released = cursor.rowcount
    if released:
        log.warning("%s jobs were set aside; queued them again", released)


def forget() -> None:
    """Removes the queue's old log lines and figures, and sessions that are over."""
    with connection.cursor() as cursor:
        for table, days in (("pgqueuer_log", LOG_DAYS), ("pgqueuer_statistics", STATISTICS_DAYS)):
            cursor.execute(
                f"DELETE FROM {table} WHERE created < now() - make_interval(days => %s)",  # noqa: S608 - the names are ours
                [days],
            )
    call_command("clearsessions")
