"""Drops the queued timers of escalation steps: what is due stands in the messages' rows, where the
workers' beat finds it, and nothing runs those jobs any more."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Loses nothing: each message's next step is in its row."""

    dependencies = [
        ("oncall", "0003_rows_of_events_from_when_on"),
        ("platform", "0002_job_queue"),
    ]
    operations = [
        migrations.RunSQL(
            "DELETE FROM pgqueuer WHERE entrypoint = 'oncall.escalate'", migrations.RunSQL.noop
        )
    ]
