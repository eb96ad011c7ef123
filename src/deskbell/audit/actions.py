"""The only writes of the audit log: an entry is added, and old ones are removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from deskbell.accounts.models import User
from deskbell.platform.tenancy import system_scope

from .models import Entry
from .rules import Door, clean, kept_changes

# One statement, which does not wait for the disk: what was done is done, and its answer must not
# be late for the log. Somebody or something that is gone by now leaves its entry behind.
_WRITE: Final = """
INSERT INTO audit_entry (account_id, at, door, act, words, subject, changes, who_id, who_name,
    on_behalf, address, agent)
SELECT (SELECT id FROM accounts_account WHERE id = %s), %s, %s, %s, %s, %s, %s::jsonb,
    (SELECT id FROM accounts_user WHERE id = %s), %s, %s, %s, %s
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS swiftly
"""
BATCH: Final = 5000


def write(  # noqa: PLR0913 an entry has so many parts, and each has a name here
    *,
    door: Door,
    act: str,
    words: str,
    at: datetime,
    account_id: int | None = None,
    who: User | None = None,
    who_name: str = "",
    on_behalf: str = "",
    subject: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
    address: str = "",
    agent: str = "",
) -> None:
    """Adds an entry; needs no scope. One statement.

    For what is no request, or failed: requests that succeed get theirs by the middleware. Secrets
    among the changes are left out, and text that is too long is cut.
    """
    values = (
        account_id,
        at,
        door,
        clean(act, 64),
        clean(words, 200),
        clean(subject, 200),
        json.dumps(kept_changes(changes or {})),
        who.pk if who else None,
        clean(who_name or (who.email if who else ""), 254),
        clean(on_behalf, 254),
        clean(address, 64),
        clean(agent, 300),
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def remove_old(*, at: datetime, days: int) -> int:
    """Removes entries that are older than so many days, in small parts; gives how many went."""
    removed, before = 0, at - timedelta(days=days)
    with system_scope("the operator's setting says how long the log is kept"):
        while True:
            oldest = Entry.objects.filter(at__lt=before).order_by("at", "id")
            part = list(oldest.values_list("pk", flat=True)[:BATCH])
            removed += Entry.objects.filter(pk__in=part).delete()[0]
            if len(part) < BATCH:
                return removed
