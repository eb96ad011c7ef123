"""Where people are signed in, and what ends that.

allauth keeps a row for each session; ending one removes the session itself, so that its next
request is nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from deskbell.accounts.actions import forget_devices
from deskbell.accounts.models import User
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ..mfa.actions import forget_devices as forget_trust
from .devices import in_words, token_of


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that a person is signed in, as they see it."""

    pk: int
    device: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_here: bool


def sessions_of(user: User, here: str | None) -> Sequence[Place]:
    """Where a person is signed in now: this session, whose key is `here`, then the last seen."""
    open_now = Session.objects.filter(expire_date__gt=now()).values("session_key")
    found = _of(user).filter(session_key__in=open_now).order_by("-last_seen_at", "-pk")
    places = [
        Place(
            each.pk,
            in_words(each.user_agent),
            each.ip,
            each.created_at,
            each.last_seen_at,
            each.session_key == here,
        )
        for each in found
    ]
    return sorted(places, key=lambda place: not place.is_here)


def end_session(user: User, pk: int) -> None:
    """Ends one session of a person. Raises NotFound for one that is over, or another's."""
    if not _end(_of(user).filter(pk=pk)):
        raise NotFound("This session is over already")


def end_other_sessions(request: HttpRequest) -> int:
    """Signs the person out everywhere but here; gives how many sessions that ended.

    The other devices become strange ones; this one stays known.
    """
    user = request.user
    if not isinstance(user, User):
        return 0
    forget_devices(user=user, but=token_of(request))
    return _end(_of(user).exclude(session_key=request.session.session_key))


def end_all_sessions(user: User) -> int:
    """Signs a person out everywhere, makes all devices strange, and has trusted ones ask for a code
    again; gives how many sessions ended.

    Needs no request: for who was suspended, lost a role, or a second factor.
    """
    forget_devices(user=user)
    forget_trust(user=user)
    return _end(_of(user))


def _of(user: User) -> QuerySet[UserSession]:
    found: QuerySet[UserSession] = UserSession.objects.filter(user_id=user.pk)
    return found


def _end(rows: QuerySet[UserSession]) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
