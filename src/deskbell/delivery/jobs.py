"""The work that deliveries queue: thin wrappers that enter the account's scope."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from datetime import datetime

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import Scope, account_scope, system_scope


@jobs.job("delivery.send")
def send(*, account_id: int, delivery_id: int) -> None:
    """One try of a delivery; see `actions.send`."""
    from . import actions  # which queue this very job

    with account_scope(account_id):
        actions.send(delivery_id=delivery_id, at=now())


@jobs.job("delivery.send_many", concurrency=3)
def send_many(*, delivery_ids: list[int]) -> None:
    """The first tries of many deliveries; see `actions.send_many`."""
    from . import actions  # which queue this very job

    with system_scope("deliveries of a storm belong to many accounts"):
        actions.send_many(delivery_ids=delivery_ids, at=now())


@jobs.job("delivery.send_bundle")
def send_bundle(*, account_id: int, bundle: str) -> None:
    """One try of all that goes in one parcel; see `actions.send_bundle`."""
    from . import actions  # which queue this very job

    with account_scope(account_id):
        actions.send_bundle(bundle=uuid.UUID(bundle), at=now())


@jobs.job("delivery.recall")
def recall(*, account_id: int, delivery_id: int) -> None:
    """Ends what is under way and no longer wanted; see `actions.recall`."""
    from . import actions  # which queue this very job

    with account_scope(account_id):
        actions.recall(delivery_id=delivery_id, at=now())


@jobs.job("delivery.send_note")
def send_note(
    *, account_id: int, note: str, kind: str, address: str, title: str, text: str, made_at: str
) -> None:
    """One try of a note; see `notes.try_note`."""
    from . import notes  # which queues this very job

    at = now()
    with _scope_of(account_id):
        made = notes.note_of(
            key=note,
            kind=kind,
            address=address,
            title=title,
            text=text,
            account_id=account_id,
            at=at,
        )
        notes.try_note(kind=kind, note=made, made_at=datetime.fromisoformat(made_at))


@jobs.job("delivery.send_code")
def send_code(*, account_id: int, method_id: int) -> None:
    """Sends a code that verifies a method; see `verification.carry_code`."""
    from . import verification  # which queues this very job

    with account_scope(account_id):
        verification.carry_code(method_id=method_id, at=now())


@jobs.job("delivery.dispatch")
def dispatch(*, account_id: int, dispatch_id: int) -> None:
    """Sends what a call's document wanted sent; see `dispatches.send`."""
    from . import dispatches  # which queues this very job

    with account_scope(account_id):
        dispatches.send(dispatch_id=dispatch_id, at=now())


def _scope_of(account_id: int) -> AbstractContextManager[Scope]:
    if account_id:
        return account_scope(account_id)
    return system_scope("a note to the operator concerns no account")
