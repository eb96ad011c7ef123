"""Messages that have arrived somewhere: many at once, as in a storm.

However many there are, it takes one statement for what is said of them, one for what they then
are, and one for each account's version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from deskbell.platform.changes import touch_all

from .hooks import MessageEvent, message_delivered
from .lines import Line, write_down
from .models import ActivityKind, Message, MessageStatus


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message reached somebody: `text` says so, `to` is who, of the contact with that id."""

    account_id: int
    message_id: int
    text: str
    to: str
    contact_id: int | None


def mark_arrived(arrivals: Sequence[Arrival], *, at: datetime) -> None:
    """As `actions.mark_delivered` and an activity for each, in the transaction that is open, which
    has locked the messages.

    Fires `message_delivered` for those that had reached nobody before.
    """
    if not arrivals:
        return
    with transaction.atomic():
        write_down(
            [
                Line(each.account_id, each.message_id, ActivityKind.DELIVERED, each.text)
                for each in arrivals
            ],
            at=at,
        )
        first = _mark(arrivals, at)
        touch_all(each.account_id for each in arrivals)
        message_delivered.fire(*first)


# The rows are locked, so what the first part reads is how they stand before.
_MARK = """
WITH fresh AS (
    SELECT id FROM deskbell_messages_message
    WHERE id = ANY(%(ids)s::bigint[]) AND status = 'new'
)
UPDATE deskbell_messages_message AS message
SET activities_count = message.activities_count + arrived.said,
    updated_at = %(at)s,
    status = CASE WHEN message.status = 'new' THEN %(delivered)s ELSE message.status END,
    delivered_at = CASE WHEN message.status = 'new' THEN %(at)s ELSE message.delivered_at END,
    delivered_to = CASE WHEN message.status = 'new' THEN first.who ELSE message.delivered_to END,
    receiver_name = CASE WHEN message.status = 'new' THEN left(first.who, 200)
                    ELSE message.receiver_name END,
    contact_id = CASE WHEN message.status = 'new' THEN first.contact_id ELSE message.contact_id END
FROM (SELECT id, count(*) AS said, min(place) AS place FROM unnest(%(ids)s::bigint[])
      WITH ORDINALITY AS one (id, place) GROUP BY id) AS arrived,
     unnest(%(who)s::text[], %(contacts)s::bigint[]) WITH ORDINALITY
         AS first (who, contact_id, place)
WHERE message.id = arrived.id AND first.place = arrived.place
RETURNING message.account_id, message.id, message.id IN (SELECT id FROM fresh)
"""


def _mark(arrivals: Sequence[Arrival], at: datetime) -> list[MessageEvent]:
    """Changes the messages; gives those that were new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK,
            {
                "at": at,
                "delivered": MessageStatus.DELIVERED.value,
                "ids": [each.message_id for each in arrivals],
                "who": [each.to[:254] for each in arrivals],
                "contacts": [each.contact_id for each in arrivals],
            },
        )
        rows = cursor.fetchall()
    return [MessageEvent(account_id, pk) for account_id, pk, was_new in sorted(rows) if was_new]


def told_by(*, message_id: int, user_id: int, at: datetime) -> None:
    """Writes which receptionist told a message that reached somebody for the first time at `at`."""
    first = Message.objects.filter(pk=message_id, delivered_by=None, delivered_at=at)
    first.update(delivered_by=user_id)
