"""Callers come into the queue, come back into it, and leave it."""

from __future__ import annotations

from datetime import datetime

from deskbell.calls.models import Call

from ..models import DeskCall, DeskCallKind, Skill


def join_queue(
    *,
    call: Call,
    way: str,
    at: datetime,
    skill: Skill | None = None,
    kind: str = DeskCallKind.INCOMING,
    delivery_id: int | None = None,
) -> DeskCall:
    """A caller waits for a receptionist; asked again for the same call it gives the same row.

    Without `skill` the terms of the call's number say which one is needed. A caller whose last call
    broke off within five minutes has the old place. Needs the account's scope; one transaction.
    """
    raise NotImplementedError


def locked_call(pk: int) -> DeskCall | None:
    """The call's row, locked; taken before any receptionist's."""
    raise NotImplementedError


def come_back(
    *, desk_call: DeskCall, at: datetime, at_head: bool = False, with_apology: bool = False
) -> DeskCall:
    """A call waits again that somebody had in hand, or that was passed on and came to nothing.

    Who had it is rung first, and is free for it. `at_head` puts it before all others, else it has
    its old place. `with_apology` fetches the caller out of the conference to the waiting document.
    """
    raise NotImplementedError


def caller_gone(*, call_sid: str, who: str, at: datetime) -> None:
    """A caller's own leg is over, by caller, agent or system. Needs the account's scope."""
    raise NotImplementedError


def resumed(*, call: Call, at: datetime) -> DeskCall | None:
    """The gateway is back with a caller: the call waits again at its old place; None where it is
    none of the desk's any more."""
    raise NotImplementedError
