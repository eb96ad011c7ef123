"""The work that To Dos queue: thin wrappers that enter a scope."""

from __future__ import annotations

from deskbell.delivery.transports.call.calling import cancel
from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope, system_scope


# Half of the threads that wait for machines elsewhere: deliveries have the others.
@jobs.job("todos.send", concurrency=8)
def send(*, run_ids: list[int]) -> None:
    """Sends runs that are due; see `actions.send`."""
    from . import actions  # which queue this very job

    with system_scope("runs that are due at once belong to many accounts"):
        actions.send(run_ids=run_ids, at=now())


@jobs.job("todos.hang_up")
def hang_up(*, account_id: int, token: str, sid: str) -> None:
    """Ends the ringing of a call whose To Do was deleted."""
    with account_scope(account_id):
        cancel(account_id=account_id, token=token, sid=sid)
