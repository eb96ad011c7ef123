"""Devices that need not ask for a code for a while: allauth's signed cookie.

It is made of the person's password and factors, so a change of any of them ends the trust.
"""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.internal.flows import trust
from django.http import HttpRequest, HttpResponse

from deskbell.accounts.models import User


def trust_here(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """Lets this browser sign the person in without a code for a while. Writes a cookie."""
    trust.trust_browser(request, user, response)


def is_trusted(request: HttpRequest, user: User) -> bool:
    """Whether this browser was told to be trusted by this person, as they sign in now."""
    return bool(trust.is_trusted_browser(request, user))


def forget_here(response: HttpResponse) -> HttpResponse:
    """Takes the cookie away."""
    response.delete_cookie(app_settings.TRUST_COOKIE_NAME, path=app_settings.TRUST_COOKIE_PATH)
    return response
