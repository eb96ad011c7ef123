"""The work that the desk queues: words to whoever carries a call. Each bears being done twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from deskbell.calls import actions as records
from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope

from .addresses import back_url, base_of, closed_url
from .models import DeskCall, DeskCallState
from .removing import remove_old_forms

log = logging.getLogger(__name__)


@jobs.job("desk.ring")
def ring(*, account_id: int, offer_id: int) -> None:
    """Places the leg of an offer that still rings; one that no longer does is ended."""
    from . import telephones  # whose actions queue this very job

    with account_scope(account_id):
        telephones.ring(offer_id, now())


@jobs.job("desk.withdraw")
def withdraw(*, account_id: int, offer_id: int) -> None:
    """Ends the leg of an offer that nobody has answered."""
    from . import telephones  # whose actions queue this very job

    with account_scope(account_id):
        telephones.withdraw(offer_id, now())


@jobs.job("desk.close")
def close(*, account_id: int, desk_call_id: int) -> None:
    """Sends a caller whom nobody will answer on to voicemail."""
    _redirect(account_id, desk_call_id, DeskCallState.OVER, closed_url)


@jobs.job("desk.put_back")
def put_back(*, account_id: int, desk_call_id: int) -> None:
    """Fetches a caller who waits again back to the waiting document, with an apology."""
    _redirect(account_id, desk_call_id, DeskCallState.WAITING, back_url)


@jobs.job("desk.wrapped")
def wrapped(*, account_id: int, desk_call_id: int, at: str) -> None:
    """Writes into a call's record that its receptionist's time for it was over."""
    with account_scope(account_id):
        call = DeskCall.objects.filter(pk=desk_call_id).first()
        if call is not None and call.call_id:
            records.wrapped_up(call_id=call.call_id, at=datetime.fromisoformat(at))


def forget() -> None:
    """Every night: forms whose time is over are deleted; says how many."""
    if removed := remove_old_forms(now()):
        log.info("%s forms of receptionists were deleted, as old as messages get", removed)


def _redirect(
    account_id: int, desk_call_id: int, state: str, url_of: Callable[[int, str], str]
) -> None:
    """Sends a caller elsewhere who still stands so, and whose leg is still there."""
    from . import telephones  # whose actions queue these jobs

    with account_scope(account_id):
        found = DeskCall.objects.filter(pk=desk_call_id, state=state)
        call = found.filter(call__ended_at=None).exclude(call_sid="").first()
        if call is not None:
            telephones.redirect(call, url_of(account_id, base_of(call.way)))
