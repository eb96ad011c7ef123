"""Requests for access that the operator grants: whoever asked is invited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import Conflict, NotFound

from ..models import AccessRequest, Account, Invitation, User
from ..rules import DEFAULT_ACCESSES
from .asking import grant_access
from .joining import invite


def approve_access(
    *,
    request: AccessRequest,
    account: Account,
    by: User,
    at: datetime,
    role: str = "",
    accesses: Iterable[str] = DEFAULT_ACCESSES,
    name: str | None = None,
) -> Invitation:
    """Invites whoever asked to an account, with a role and accesses; `name` in place of theirs.

    Raises Conflict where another operator decided meanwhile, and what `invite` raises; then
    nothing is decided.
    """
    with transaction.atomic():
        held = _held(request)
        made = invite(
            email=held.email,
            name=held.name if name is None else name,
            by=by,
            at=at,
            account=account,
            role=role,
            accesses=accesses,
        )
        grant_access(request=held, invitation=made, by=by, at=at)
    return made


def _held(request: AccessRequest) -> AccessRequest:
    """Locks a request that is open, and reads it again; needs a transaction.

    Raises NotFound for one that is gone, Conflict for one that was decided.
    """
    rows = AccessRequest.objects.select_for_update(of=("self",))
    held = rows.filter(pk=request.pk).first()
    if held is None:
        raise NotFound("There is no such request any more")
    if held.decided_at is not None:
        how = "approved" if held.invitation_id else "declined"
        raise Conflict(f"{held.decided_by or 'Somebody'} {how} this request already")
    return held
