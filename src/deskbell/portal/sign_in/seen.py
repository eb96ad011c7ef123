"""When a session was last used by a person, for the list of sessions.

Pages that stay open ask by themselves; only a page that somebody opened counts, or something they
did, and it is written once in five minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

from deskbell.accounts.models import User
from deskbell.foundation.clock import now

from ..pages import is_partial
from .adapter import Adapter

EVERY_SECONDS: Final = 5 * 60
KEY: Final = "seen"


class SeenMiddleware:
    """Comes after sign-in is known, and before anybody acts as another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Costs a look at a header and the session; two statements once in five minutes."""
        if _counts(request):
            _write(request)
        return self.get_response(request)


def _counts(request: HttpRequest) -> bool:
    if is_partial(request) and request.method in {"GET", "HEAD"}:
        return False
    has_session = bool(request.session.session_key)
    if not has_session or not isinstance(request.user, User):
        return False
    seen = request.session.get(KEY, 0)
    return not 0 <= now().timestamp() - seen < EVERY_SECONDS


def _write(request: HttpRequest) -> None:
    at = now()
    request.session[KEY] = int(at.timestamp())
    found = UserSession.objects.filter(
        session_key=request.session.session_key, user_id=request.user.pk
    )
    address = Adapter(request).get_client_ip(request)
    if not found.update(last_seen_at=at, ip=address):
        UserSession.objects.create_from_request(request)
