"""What tabs count is added up, so that it stays a few rows."""

from __future__ import annotations

from django.db import connection, transaction

# What another folder has in hand is passed over: rows are only ever added, so sums stay right.
_FOLD = """
WITH gone AS (
    DELETE FROM deskbell_messages_tally WHERE id IN (
        SELECT id FROM deskbell_messages_tally WHERE account_id IN (
            SELECT account_id FROM deskbell_messages_tally GROUP BY account_id HAVING count(*) > 1
        ) FOR UPDATE SKIP LOCKED
    ) RETURNING account_id, new, acknowledged, other
)
INSERT INTO deskbell_messages_tally (account_id, new, acknowledged, other)
SELECT account_id, sum(new), sum(acknowledged), sum(other) FROM gone GROUP BY account_id
HAVING (sum(new), sum(acknowledged), sum(other)) <> (0, 0, 0)
"""


def fold_tallies() -> None:
    """Makes one row of each account's tallies. Nobody who counts or writes waits for it.

    Works across accounts.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD)
