"""Who changes how they sign in proves first, within five minutes, that they sit there themselves.

Source: seed 000, "My Profile" (Enable MFA, Disable MFA); the password is asked for both.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from deskbell.accounts.models import User
from deskbell.audit import note

from ..acting import own_hands
from ..pages import View, is_partial, page
from ..tenancy import PortalRequest
from .standing import has_mfa

P = ParamSpec("P")
SECONDS: Final = 5 * 60
NEXT: Final = "next"


def own_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page of the signed-in person's own, whether or not they have an account; not for acting."""
    guarded = own_hands(view)
    guarded.needs_no_account = True  # type: ignore[attr-defined]
    return page(guarded)


def fresh(
    view: Callable[Concatenate[PortalRequest, P], HttpResponseBase],
) -> Callable[Concatenate[PortalRequest, P], HttpResponseBase]:
    """Asks first for the password, or what the person has instead, unless it was lately given.

    What was posted is not kept meanwhile: the person comes back to the page and does it again.
    """

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **named)
        note(request, nothing=True)
        if is_partial(request) or request.headers.get("Accept") == "application/json":
            return JsonResponse({}, status=401)  # whereupon scripts load the page itself
        return to_confirm(request)

    return cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved lately who they are.

    Signing in counts for people who have nothing that they could be asked for (they came by
    another provider), and for who has to set up a second factor before anything else.
    """
    user = cast(User, request.user)
    records = [
        each
        for each in get_authentication_records(request, user)
        if time.time() - each.get("at", 0) < SECONDS
    ]
    if any(each.get("reauthenticated") for each in records):
        return True
    is_new = not has_mfa(user)
    is_needed = getattr(request, "mfa_demand", "") or not user.has_usable_password()
    return bool(records) and is_new and bool(is_needed)


def to_confirm(request: HttpRequest, name: str = "account_reauthenticate") -> HttpResponse:
    """Leads to the page that asks for the password, or for a second factor, and back here."""
    return redirect(f"{reverse(name)}?{urlencode({NEXT: request.get_full_path()})}")


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where somebody wanted to go, if that is a page of ours."""
    asked: Any = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=settings.IS_HTTPS
    )
    return str(asked) if is_ours else otherwise
