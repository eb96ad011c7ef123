"""What every page of the portal has in common: somebody is signed in, and works in an account.

A view marked with `page` is given a `PortalRequest` and may raise the errors of the rooms below;
they become the status and the words that the person sees.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url

from deskbell.foundation.errors import NotAllowed, NotFound

from .tenancy import PortalRequest

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """Lets only signed-in people with an account in; others are led to where they can go.

    NotFound becomes 404 and NotAllowed 403, with the error's words. A view with `needs_no_account`
    is for operators, who come before the first account is opened.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        needs_account = not getattr(view, "needs_no_account", False)
        if needs_account and getattr(request, "account", None) is None:
            return render(request, "portal/no_account.html", status=403)
        try:
            response = view(cast(PortalRequest, request), *args, **named)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return cast(View[P], guarded)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, and a part of the page is enough."""
    return request.headers.get("HX-Request") == "true"


def here(request: HttpRequest) -> str:
    """The address of the page that the person looks at: what a script asks is only a part of it."""
    if not is_partial(request):
        return request.get_full_path()
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{shown.path or '/'}?{shown.query}".rstrip("?")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sends a person to sign in and then back to the page they were on."""
    back = redirect_to_login(here(request))
    if not is_partial(request):
        return back
    response = HttpResponse(status=401)
    response.headers["HX-Redirect"] = back.headers.get("Location", resolve_url(settings.LOGIN_URL))
    return response
