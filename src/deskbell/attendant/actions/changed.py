"""Says that callers will meet something else from now on."""

from __future__ import annotations

import uuid
from datetime import datetime

from deskbell.platform.changes import touch

from ..models import System


def system_changed(system: System, *, at: datetime) -> None:
    """Gives one system another version, in the open transaction."""
    system.version = uuid.uuid4()
    system.updated_at = at
    System.objects.filter(pk=system.pk).update(version=system.version, updated_at=at)
    touch(system.account_id)


def sounds_changed(account_id: int) -> None:
    """Gives all systems of an account another version: any of them may play what changed."""
    System.objects.filter(account_id=account_id).update(version=uuid.uuid4())
    touch(account_id)


def all_changed() -> None:
    """Gives every system another version: the standard sentences changed. Needs a system scope."""
    System.objects.update(version=uuid.uuid4())
