"""Activities of many messages, written in one statement.

The ORM takes longer to put such an INSERT together than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from deskbell.accounts.models import check_owner

from .models import ActivityKind

MAX_TEXT = 500


class Line(NamedTuple):
    """One thing that happened to a message."""

    account_id: int
    message_id: int
    kind: ActivityKind
    text: str
    by: str = ""


_INSERT = """
INSERT INTO deskbell_messages_activity (account_id, message_id, at, kind, text, by)
SELECT account_id, message_id, %s, kind, text, by
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY
    AS line (account_id, message_id, kind, text, by, place)
ORDER BY place
"""


def write_down(lines: Sequence[Line], *, at: datetime) -> None:
    """Writes the lines in their order; each `text` is cut at 500 characters.

    Leaves the messages' counts and the accounts' versions to the caller. Raises OutOfScope.
    """
    if not lines:
        return
    for account_id in {line.account_id for line in lines}:
        check_owner(account_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                at,
                [line.account_id for line in lines],
                [line.message_id for line in lines],
                [line.kind.value for line in lines],
                [line.text[:MAX_TEXT] for line in lines],
                [line.by[:254] for line in lines],
            ],
        )
