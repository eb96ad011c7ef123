"""Usage is kept by kind of call and receptionist as well, and counted anew from the calls' records,
which are never removed."""

from django.db import migrations, models

EMPTY = "DELETE FROM calls_usageofday"
COUNT = """
    INSERT INTO calls_usageofday
        (account_id, number, day, kind, agent_id, agent_name,
        calls, assisted_calls, standard_seconds, assisted_seconds, half_minutes, whole_minutes)
    SELECT account_id, counts_for, counted_on, call_type, COALESCE(agent_id, 0),
        (array_agg(agent_name ORDER BY id DESC))[1],
        COUNT(*) FILTER (WHERE connection_sec > 0 OR agent_id IS NOT NULL),
        COUNT(agent_id), SUM(standard), SUM(assisted),
        SUM((standard + assisted + 29) / 30), SUM((standard + assisted + 59) / 60)
    FROM (
        SELECT *,
            CASE WHEN agent_id IS NULL THEN connection_sec ELSE ivr_sec + wait_sec END AS standard,
            CASE WHEN agent_id IS NULL THEN 0
                ELSE talk_sec + hold_sec + transfer_sec + conference_sec + wrap_sec
            END AS assisted
        FROM calls_call WHERE counted_on IS NOT NULL
    ) AS each_call
    GROUP BY account_id, counts_for, counted_on, call_type, COALESCE(agent_id, 0)
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0007_count_the_usage_of_calls_so_far")]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="usageofday", name="one_usage_of_a_day"),
        migrations.AddField(
            model_name="usageofday",
            name="kind",
            field=models.CharField(default="", help_text="The calls' call_type", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="usageofday",
            name="agent_id",
            field=models.BigIntegerField(
                default=0, help_text="The receptionist who had them last; 0: none"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="usageofday",
            name="agent_name",
            field=models.CharField(blank=True, help_text="As last heard of", max_length=200),
        ),
        migrations.AddField(
            model_name="usageofday",
            name="half_minutes",
            field=models.BigIntegerField(default=0, help_text="Each call rounded up to 30 s"),
        ),
        migrations.AddField(
            model_name="usageofday",
            name="whole_minutes",
            field=models.BigIntegerField(default=0, help_text="Each call rounded up to 60 s"),
        ),
        migrations.AddConstraint(
            model_name="usageofday",
            constraint=models.UniqueConstraint(
                fields=("account", "day", "number", "kind", "agent_id"), name="one_usage_of_a_day"
            ),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
