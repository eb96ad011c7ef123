"""What a notice says, put together by PostgreSQL as the message stands at that moment.

`data` is what `GET /api/v2/messages/<id>` gives: the same fields in the same order, with the
script's own as fields beside them. One statement writes the notices of however many messages.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection

from deskbell.messages.custom_fields import PREFIX, STANDARD
from deskbell.messages.models import Message

from .models import Happening, NoticeState
from .rules import TRIED_FOR

# Seed 000, "Messages API v2", the example of a message.
SHOWN = (
    *("id", "read", "pbx_name", "phone_number", "extension", "caller_id", "first_name"),
    *("last_name", "company_name", "content", "status", "account_id", "agent_id", "user_id"),
    *("created_at", "updated_at", "ivr", "pickup_date", "pickup_user_id", "contact_id"),
    *("delivered_at", "delivered_by", "delivered_to", "phone", "email", "call_ref_id", "sale_id"),
    *("note", "did_id", "address", "address2", "city", "state", "zip", "how_you_hear_about_us"),
    *("is_emergency", "alt_phone", "positive_data_dip", "answers", "escalation_level_id"),
    *("next_escalation_at", "receiver_name", "non_message_type", "activities_count"),
    *("closing_action_group_id", "email_subject", "escalation_counter", "origin"),
    *("message_received_date", "disposition", "call_id", "chat_session_id", "to_do_task_id"),
    *("from_to_do", "send_at", "uuid", "class_names"),
)
_TIMES = frozenset(
    field.attname
    for field in Message._meta.concrete_fields
    if field.get_internal_type() == "DateTimeField"
)


def _time(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


def _column(name: str) -> str:
    quoted = f'message."{name}"'
    return f'{_time(quoted) if name in _TIMES else quoted} AS "{name}"'


_COLUMNS = ", ".join(_column(name) for name in SHOWN)

# A custom field follows the message's own: the closing brace of one meets the opening one of the
# other. `uuid` is made once for each row, because the part that makes it is materialized.
_WRITE = f"""
WITH told AS MATERIALIZED (
    SELECT gen_random_uuid() AS uuid, subscription.id AS subscription_id, message.account_id,
           message.id AS message_id, message.updated_at AS at,
           row_to_json(shown)::text AS message, custom.fields
    FROM deskbell_messages_message AS message
    JOIN webhooks_subscription AS subscription ON subscription.account_id = message.account_id
    CROSS JOIN LATERAL (SELECT {_COLUMNS}) AS shown
    LEFT JOIN LATERAL (
        SELECT json_object_agg(%(prefix)s || answer.key, answer.value)::text AS fields
        FROM json_each(CASE json_typeof(message.answers)
                       WHEN 'object' THEN message.answers ELSE '{{}}' END) AS answer
        WHERE answer.key <> ALL(%(standard)s)
    ) AS custom ON true
    WHERE message.id = ANY(%(messages)s) AND subscription.id = ANY(%(subscriptions)s)
)
INSERT INTO webhooks_notice (account_id, uuid, subscription_id, happening, message_id, body, state,
                             tries, created_at, next_try_at, give_up_at)
SELECT account_id, uuid, subscription_id, %(event)s::text, message_id,
       '{{"id":"' || uuid || '","event":"' || %(event)s::text || '","created_at":"' || {_time("at")}
       || '","data":' || CASE WHEN fields IS NULL THEN message
                         ELSE left(message, -1) || ',' || substr(fields, 2) END || '}}',
       %(waiting)s, 0, at, at, at + make_interval(secs => %(seconds)s)
FROM told ORDER BY message_id, subscription_id
RETURNING subscription_id, id
"""  # noqa: S608 names come from our models, values stay parameters


def write(
    happening: Happening, *, message_ids: Sequence[int], subscription_ids: Sequence[int]
) -> dict[int, int]:
    """Writes a notice for each of the messages and subscriptions of one account.

    In the open transaction, and in one statement. Gives the newest notice's id of each
    subscription that has one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "prefix": PREFIX,
                "standard": sorted(STANDARD),
                "messages": list(message_ids),
                "subscriptions": list(subscription_ids),
                "event": happening.value,
                "waiting": NoticeState.WAITING.value,
                "seconds": TRIED_FOR.total_seconds(),
            },
        )
        return dict(sorted(cursor.fetchall()))


def test_body(notice: uuid.UUID, *, subscription_id: int, url: str, at: datetime) -> str:
    """What a test says: as any notice, with the subscription in place of a message."""
    content = {
        "id": str(notice),
        "event": Happening.TEST.value,
        "created_at": in_api(at),
        "data": {"webhook_id": subscription_id, "url": url},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def in_api(at: datetime) -> str:
    """An instant as the API writes it: 2025-01-21T22:08:20.671Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
