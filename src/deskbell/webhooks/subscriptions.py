"""What is written down when something happens to messages: a notice for each who wants to know.

Where nobody does, each happening costs one look at the account's subscriptions, however many
messages it is about.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction

from deskbell.messages.hooks import Leaving, MessageEvent

from . import bodies
from .models import Happening, Notice
from .queueing import queue_turns

log = logging.getLogger(__name__)
_WANTED = """
SELECT account_id, id, is_slow OR silences > 0 FROM webhooks_subscription
WHERE account_id = ANY(%s) AND NOT is_paused AND events @> to_jsonb(%s::text)
"""


def on_taken(events: Sequence[MessageEvent]) -> None:
    """Messages were taken."""
    _note(Happening.TAKEN, events)


def on_delivered(events: Sequence[MessageEvent]) -> None:
    """Messages reached somebody for the first time."""
    _note(Happening.DELIVERED, events)


def on_escalated(events: Sequence[MessageEvent]) -> None:
    """Messages went on to another level."""
    _note(Happening.ESCALATED, events)


def on_acknowledged(events: Sequence[MessageEvent]) -> None:
    """Messages were acknowledged."""
    _note(Happening.ACKNOWLEDGED, events)


def on_exhausted(events: Sequence[MessageEvent]) -> None:
    """Nobody acknowledged messages."""
    _note(Happening.EXHAUSTED, events)


def on_leaving(event: Leaving) -> None:
    """Messages are deleted, and with them what was told of them, which has their content."""
    Notice.objects.filter(message_id__in=event.message_ids).delete()


def _note(happening: Happening, events: Sequence[MessageEvent]) -> None:
    """Writes the notices and has them sent, in the open transaction.

    A fault in it is logged and kept from the caller: nobody's webhook may stop an escalation.
    """
    messages: dict[int, list[int]] = defaultdict(list)
    for event in events:
        messages[event.account_id].append(event.message_id)
    wanted = _wanted(happening, list(messages))
    if not wanted:
        return
    try:
        with transaction.atomic():
            _write(happening, messages, wanted)
    except DatabaseError:
        log.exception("Webhooks are not told of %s of %s", happening.value, dict(messages))


def _wanted(happening: Happening, account_ids: list[int]) -> dict[int, dict[int, bool]]:
    """By account its subscriptions that want to know, and whether each is slow."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, [account_ids, happening.value])
        for account_id, subscription_id, is_slow in cursor.fetchall():
            found[account_id][subscription_id] = is_slow
    return found


def _write(
    happening: Happening, messages: dict[int, list[int]], wanted: dict[int, dict[int, bool]]
) -> None:
    for account_id, are_slow in wanted.items():
        newest = bodies.write(
            happening, message_ids=messages[account_id], subscription_ids=list(are_slow)
        )
        queue_turns(account_id, newest, are_slow)
