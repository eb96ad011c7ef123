"""An escalation level goes. Source: seed 000, "Delete Escalation Levels"."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.platform.changes import touch

from ..queries import scripts_with_level
from ..rules import levels_of, read, without_level
from .drafts import keep_draft
from .publishing import put_out

BY = "Escalation level deleted"


def forget_level(*, account_id: int, level_id: int, at: datetime, by: str = BY) -> list[str]:
    """Removes a level that is about to be deleted from all scripts, drafts and published ones.

    Relay triggers to it are removed, closings that send to it send to the account's first level. A
    published script that changes by it is published again, with `by` as who did it. Gives the names
    of these scripts.
    """
    with transaction.atomic():
        lock_account(account_id)
        changed = [each for each in scripts_with_level(level_id) if each.account_id == account_id]
        for script in changed:
            draft = read(script.draft)
            if level_id in levels_of(draft):
                keep_draft(script, without_level(draft, level_id), by=by, at=at)
            live = read(script.active.content) if script.active else None
            if live is not None and level_id in levels_of(live):
                put_out(script, without_level(live, level_id), by=by, at=at)
        if changed:
            touch(account_id)
    return [script.name for script in changed]
