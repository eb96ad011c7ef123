"""Says that callers will meet something else from now on."""

from __future__ import annotations

import uuid
from datetime import datetime

from deskbell.platform.changes import touch
from deskbell.platform.jobs import enqueue

from ..models import System


def system_changed(system: System, *, at: datetime) -> None:
    """Gives one system another version, in the open transaction."""
    system.version = uuid.uuid4()
    system.updated_at = at
    System.objects.filter(pk=system.pk).update(version=system.version, updated_at=at)
    touch(system.account_id)
    _tell_gateway()


def sounds_changed(account_id: int) -> None:
    """Gives all systems of an account another version: any of them may play what changed."""
    System.objects.filter(account_id=account_id).update(version=uuid.uuid4())
    touch(account_id)
    _tell_gateway()


def all_changed() -> None:
    """Gives every system another version: the standard sentences changed. Needs a system scope."""
    System.objects.update(version=uuid.uuid4())
    _tell_gateway()


def _tell_gateway() -> None:
    """Queues one word to the gateway for all changes that are about to be committed."""
    from ..jobs import tell_gateway

    enqueue(tell_gateway, key="attendant.tell_gateway")
