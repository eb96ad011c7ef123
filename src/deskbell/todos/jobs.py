"""The work that To Dos queue: thin wrappers that enter a scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deskbell.delivery.transports.call.calling import cancel
from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope, system_scope

from .models import DeliveryType

# All kinds together take half of the threads that wait for machines elsewhere at most: deliveries
# have the others.
AT_ONCE: Final = 2


@jobs.job("todos.send_texts", concurrency=AT_ONCE)
def send_texts(*, run_ids: list[int]) -> None:
    """Sends runs of texts; see `actions.send`."""
    _send(run_ids)


@jobs.job("todos.send_mails", concurrency=AT_ONCE)
def send_mails(*, run_ids: list[int]) -> None:
    """Sends runs of mails; see `actions.send`."""
    _send(run_ids)


@jobs.job("todos.place_calls", concurrency=AT_ONCE)
def place_calls(*, run_ids: list[int]) -> None:
    """Places the calls of runs; see `actions.send`."""
    _send(run_ids)


@jobs.job("todos.hang_up")
def hang_up(*, account_id: int, token: str, sid: str) -> None:
    """Ends the ringing of a call whose To Do was deleted."""
    with account_scope(account_id):
        cancel(account_id=account_id, token=token, sid=sid)


SENDING: Final[Mapping[str, jobs.Job]] = {
    DeliveryType.SMS: send_texts,
    DeliveryType.EMAIL: send_mails,
    DeliveryType.CALL: place_calls,
}


def _send(run_ids: list[int]) -> None:
    from . import actions  # which queue these very jobs

    with system_scope("runs that are due at once belong to many accounts"):
        actions.send(run_ids=run_ids, at=now())
