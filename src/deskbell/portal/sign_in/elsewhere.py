"""The way to Google, or to another provider of OpenID Connect, and back."""

from __future__ import annotations

import logging
from typing import Any

import requests
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .adapter import Adapter
from .providers import FAILED, UNREACHABLE, refused

log = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
@never_cache
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leads to the provider, by a page of ours: our policy lets no form send people elsewhere.

    Remembers in the session where to lead afterwards, and whether to keep the person signed in.
    """
    if request.method != "POST":
        return redirect("account_login")
    provider = _provider(request, provider_id)
    if not ratelimit.consume(
        request, app="deskbell", action="openid", config={"openid": "60/m/ip"}
    ):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if request.POST.get("remember") else 0)
    back = request.POST.get("next", "")
    if not Adapter(request).is_safe_url(back):
        back = ""
    try:
        answer = provider.redirect(request, AuthProcess.LOGIN, next_url=back or None)
    except (requests.RequestException, KeyError, ValueError) as error:
        log.warning("%s does not say where people sign in: %s", provider.name, error)
        return refused(request, UNREACHABLE, provider.name, status=502)
    if answer.status_code != 302:
        return refused(request, FAILED, provider.name)
    context = {"url": answer.headers["Location"], "name": provider.name}
    return render(request, "portal/sign_in/leaving.html", context)


def _provider(request: HttpRequest, provider_id: str) -> Any:
    try:
        return get_adapter(request).get_provider(request, provider=provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404("Nobody of that name confirms sign-ins here") from error


@require_http_methods(["GET"])
@never_cache
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider leads people back to, with a code that works once."""
    try:
        return callback(request, provider_id)  # type: ignore[no-any-return]
    except (KeyError, ValueError) as error:
        provider = _provider(request, provider_id)
        log.warning("%s answered what cannot be read: %s", provider_id, type(error).__name__)
        return refused(request, FAILED, str(provider))
