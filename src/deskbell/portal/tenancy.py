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
from deskbell.accounts.queries import accounts_of, entered
from deskbell.accounts.rules import Right
from deskbell.foundation.errors import NotFound
from deskbell.foundation.zones import is_time_zone
from deskbell.platform.tenancy import account_scope

SESSION_KEY = "account"
# Rooms, and views of others, whose times are the account's whoever looks.
ACCOUNT_TIME = frozenset(
    {"attendant", "dashboard", "desk", "messages:proof", "messages:proof_pdf", "oncall", "scripts"}
    | {"reports", "to_dos"}
)


class PortalRequest(HttpRequest):
    """A request whose person is signed in and works in an account; for type checking only."""

    user: User
    account: Account
    works_as: str


class AccountMiddleware:
    """Sets `request.account` (None without one), and what the person is in it: `held_rights`, and
    in words `works_as`.

    The request runs in the account's scope. Its times are the person's (`process_view`), and the
    account's where the person has no zone of their own, or the page is about what is planned.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers inside the scope of the session's account, if somebody is signed in."""
        account, held, works_as = standing_of(request)
        request.account = account  # type: ignore[attr-defined]
        request.held_rights = held  # type: ignore[attr-defined]
        request.works_as = works_as  # type: ignore[attr-defined]
        scope: AbstractContextManager[Any] = nullcontext()
        zone: ZoneInfo | None = None
        if account is not None:
            scope = account_scope(account.pk)
            zone = ZoneInfo(account.time_zone)
        with scope, timezone.override(zone):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Tells times in the person's zone from here on, until the request is over."""
        named = own_zone(request)
        if named:
            timezone.activate(ZoneInfo(named))


def own_zone(request: HttpRequest) -> str:
    """The time zone that a person has of their own (IANA), where this page is told in it.

    "" for the account's: calendars, schedules, To Dos, the desk, scripts and the dashboard speak of
    the account's days, and two zones on one page would be two too many.
    """
    match, user = request.resolver_match, request.user
    if match is None or not isinstance(user, User):
        return ""
    is_planned = {match.view_name, match.view_name.partition(":")[0]} & ACCOUNT_TIME
    return user.time_zone if not is_planned and is_time_zone(user.time_zone) else ""


def standing_of(request: HttpRequest) -> tuple[Account | None, frozenset[Right], str]:
    """The account of this request, the person's rights there, and as what they work there.

    It is the session's if it may still be entered, else the first.
    """
    user = request.user
    found = entered(user, request.session.get(SESSION_KEY)) if isinstance(user, User) else None
    return found or (None, frozenset(), "")


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
    """What the person may do in the account."""
    held: frozenset[Right] = request.held_rights  # type: ignore[attr-defined]
    return held
