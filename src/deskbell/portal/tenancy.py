"""Which account a signed-in person works in, and the scope in which the whole request runs.

The choice is kept in the session and checked at every request against the accounts that the
person may enter now, so that leaving an account takes effect at once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from deskbell.accounts.models import Account, User
from deskbell.accounts.queries import accounts_of, rights
from deskbell.accounts.rules import Right
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import account_scope

SESSION_KEY = "account"


class PortalRequest(HttpRequest):
    """A request whose person is signed in and works in an account; for type checking only."""

    user: User
    account: Account


class AccountMiddleware:
    """Sets `request.account` (None without one); the request runs in its scope and time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers inside the scope of the session's account, if somebody is signed in."""
        account = account_of(request)
        request.account = account  # type: ignore[attr-defined]
        scope: AbstractContextManager[Any] = nullcontext()
        zone: AbstractContextManager[Any] = nullcontext()
        if account is not None:
            scope = account_scope(account.pk)
            zone = timezone.override(ZoneInfo(account.time_zone))
        with scope, zone:
            return self.get_response(request)


def account_of(request: HttpRequest) -> Account | None:
    """The account of this request: the session's if it may still be entered, else the first."""
    user = request.user
    if not isinstance(user, User):
        return None
    chosen = request.session.get(SESSION_KEY)
    accounts = accounts_of(user)
    found = accounts.filter(pk=chosen).first() if chosen else None
    return found or accounts.first()


def switch_account(request: HttpRequest, account_id: int) -> Account:
    """Works in another account from the next request on.

    Writes the session. Raises NotFound for an account that this person may not enter.
    """
    user = request.user
    found = accounts_of(user).filter(pk=account_id).first() if isinstance(user, User) else None
    if found is None:
        raise NotFound("No such account")
    request.session[SESSION_KEY] = found.pk
    return found


def held_rights(request: PortalRequest) -> frozenset[Right]:
    """What the person may do in the account; asked once per request."""
    known: frozenset[Right] | None = getattr(request, "held_rights", None)
    if known is None:
        known = rights(request.user, request.account)
        request.held_rights = known  # type: ignore[attr-defined]
    return known
