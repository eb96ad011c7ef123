"""Calls that ended before usage was counted are counted, on the days of their accounts' zones."""

from django.db import migrations

NAME = """
    UPDATE calls_call AS call SET
        counted_on = (call.started_at AT TIME ZONE account.time_zone)::date,
        counts_for = COALESCE(
            (SELECT COALESCE(NULLIF(number.e164, ''), number.number)
               FROM accounts_phonenumber AS number WHERE number.id = call.phone_number_id),
            CASE call.call_type WHEN 'InboundCall' THEN call.number_dialed ELSE call.caller_id END
        )
    FROM accounts_account AS account
    WHERE account.id = call.account_id AND call.counted_on IS NULL
      AND call.ended_at IS NOT NULL AND NOT call.is_orphaned
"""
COUNT = """
    INSERT INTO calls_usageofday
        (account_id, number, day, calls, assisted_calls, standard_seconds, assisted_seconds)
    SELECT account_id, counts_for, counted_on,
        COUNT(*) FILTER (WHERE connection_sec > 0 OR agent_id IS NOT NULL),
        COUNT(*) FILTER (WHERE agent_id IS NOT NULL),
        SUM(CASE WHEN agent_id IS NULL THEN connection_sec ELSE ivr_sec + wait_sec END),
        SUM(CASE WHEN agent_id IS NULL THEN 0
            ELSE talk_sec + hold_sec + transfer_sec + conference_sec + wrap_sec END)
    FROM calls_call WHERE counted_on IS NOT NULL
    GROUP BY account_id, counts_for, counted_on
    ON CONFLICT (account_id, day, number) DO UPDATE SET
        calls = EXCLUDED.calls, assisted_calls = EXCLUDED.assisted_calls,
        standard_seconds = EXCLUDED.standard_seconds, assisted_seconds = EXCLUDED.assisted_seconds
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0006_number_a_call_counts_for")]

    operations = [
        migrations.RunSQL(NAME, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
