"""Writes an entry for each request that did something, once it is answered."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url

from deskbell.accounts.models import ApiToken, User
from deskbell.accounts.queries import accounts_of
from deskbell.foundation import clock
from deskbell.platform.addresses import address_of

from . import actions
from .acts import UNSAFE, Act, Owner, act_of
from .notices import done_words, is_refused
from .noting import Noted, answering, door, noted

log = logging.getLogger(__name__)
_REACHED: Final = "audit_reached_its_view"
_WAS_SIGNED_IN: Final = "audit_was_signed_in"
_SAYS_LITTLE: Final = 12
_NUMBERED: Final = re.compile(r"(\w+)_id")


class AuditMiddleware:
    """One entry after an answer that is no refusal, where the address and method have words.

    The last of the middleware: what others answer in place of the view was not done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Costs one statement where something was done, and a look into a table elsewhere."""
        # Whoever signs out is nobody afterwards.
        user, impersonator = getattr(request, "user", None), getattr(request, "impersonator", None)
        setattr(request, _WAS_SIGNED_IN, isinstance(user, User))
        with answering(request):
            response = self.get_response(request)
        match = request.resolver_match
        act = act_of(request.method or "", match.view_name) if match else None
        if act is None or not _is_done(request, response, act):
            return response
        if not (act.said.signs_in and isinstance(user, User)):
            _write(request, act, user, impersonator)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Remembers that nobody answered in place of the view."""
        setattr(request, _REACHED, True)


def _is_done(request: HttpRequest, response: HttpResponseBase, act: Act) -> bool:
    status = response.status_code
    if status >= HTTPStatus.BAD_REQUEST or (
        act.said.redirects and status < HTTPStatus.MULTIPLE_CHOICES
    ):
        return False
    # A player asks for a sound piece by piece; the first tells that it was heard.
    is_first = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    reached = getattr(request, _REACHED, False) and is_first
    if not reached or is_refused(request) or _asks_who(request, response):
        return False
    return act.said.shows or not _only_shows(request, response)


def _only_shows(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a whole page came back to a form: what is done leads on, or says so."""
    is_page = response.status_code == HTTPStatus.OK and "text/html" in response.headers.get(
        "Content-Type", ""
    )
    if request.method not in UNSAFE or not is_page or request.headers.get("HX-Request"):
        return False
    return not (noted(request).says_something or done_words(request))


def _asks_who(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether somebody has to say first, or once more, who they are; but for who signs out."""
    if getattr(request, _WAS_SIGNED_IN, False) and not request.user.is_authenticated:
        return False
    path = urlsplit(response.headers.get("Location", "")).path
    asking = (resolve_url(settings.LOGIN_URL), resolve_url("account_reauthenticate"))
    return path.startswith(asking)


def _write(request: HttpRequest, act: Act, user: Any, impersonator: Any) -> None:
    said = noted(request)
    who, name = _person(request, said, user)
    if said.is_nothing or not (who or name):
        return
    by = getattr(request, "impersonator", None) or impersonator
    try:
        actions.write(
            door=door(request),
            act=act.name,
            words=said.words or act.said.words,
            at=clock.now(),
            account_id=said.account_id or _account_id(request, act.said.owner, who),
            who=who,
            who_name=name,
            on_behalf=by.email if isinstance(by, User) else "",
            subject=said.subject or _subject(request),
            changes=said.changes,
            address=address_of(request),
            agent=request.headers.get("User-Agent", ""),
        )
    except Error:
        # What was done is done, and the person must hear so.
        log.exception("%s has no entry in the audit log", act.name)


def _person(request: HttpRequest, said: Noted, before: Any) -> tuple[User | None, str]:
    """Who asked, and the name of the token where that is no person."""
    auth = getattr(request, "auth", None)
    if isinstance(auth, ApiToken):
        return None, f"API token {auth.name}"
    now = getattr(request, "user", None)
    for each in (said.who, getattr(auth, "user", None), now, before):
        if isinstance(each, User):
            return each, each.email
    return None, ""


def _account_id(request: HttpRequest, owner: Owner, who: User | None) -> int | None:
    auth = getattr(request, "auth", None)
    if isinstance(auth, ApiToken):
        return auth.account_id
    if owner == Owner.NOBODY or (owner == Owner.PERSON and (who is None or who.is_staff_member)):
        return None
    account = getattr(request, "account", None)
    if account is None and owner == Owner.PERSON and who is not None:
        account = accounts_of(who).first()
    return account.pk if account is not None else None


def _subject(request: HttpRequest) -> str:
    """What the person was told, or the address names: `message 12`. Never a token."""
    told = done_words(request)
    if len(told) >= _SAYS_LITTLE:
        return told
    match = request.resolver_match
    named = []
    for name, value in (match.kwargs if match else {}).items():
        numbered = _NUMBERED.fullmatch(name) if name != "object_id" else None
        if numbered and str(value).replace("-", "").isalnum():
            named.append(f"{numbered[1].replace('_', ' ')} {value}")
        elif name == "object_id" and match:  # the admin's, whose view names the table
            named.append(f"{(match.url_name or '').rpartition('_')[0]} {value}")
        elif name == "sid":
            named.append(str(value))
    return ", ".join(named)
