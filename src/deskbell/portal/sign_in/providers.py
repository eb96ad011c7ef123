"""Signing in with Google, or with any other provider of OpenID Connect: what allauth has to ask us.

Whoever the provider says has a user's email address, checked by the provider, signs in as that
user. No user comes to be this way, and nothing of the provider's account is kept: whoever changes
the address in the profile signs in with the new one. Source: seed 000, "Introduction" ("only be
available to clients who use the same email as they have in their Google account").
"""

from __future__ import annotations

import logging
from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deskbell.accounts.actions import prove_email
from deskbell.accounts.models import User
from deskbell.foundation.clock import now

log = logging.getLogger(__name__)
CANCELLED: Final = "You did not sign in with {name}. Try again, or sign in with your password."
FAILED: Final = (
    "{name} did not confirm who you are. The page may have been open for too long, or a link of it"
    " was used twice. Try again."
)
UNREACHABLE: Final = (
    "{name} cannot be reached now. Try again in a few minutes, or sign in with your password."
)
UNCHECKED: Final = (
    "{name} has not checked that the email address of your account there is yours. Have it checked"
    " there, or sign in with your password."
)
UNKNOWN: Final = (
    "Nobody signs in here with the email address of your {name} account. Use the account that has"
    " the address you sign in with, or request access."
)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Deskbell's rules for those who come from a provider."""

    def is_open_for_signup(self, *_: Any) -> bool:
        """Nobody becomes a user by signing in elsewhere."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Finds the user whose address the provider checked; else ends the sign-in, in words."""
        name = str(sociallogin.provider.name)
        data = sociallogin.account.extra_data
        if sociallogin.state.get("process") != AuthProcess.LOGIN or not is_of_one(data):
            raise ImmediateHttpResponse(refused(request, FAILED, name))
        email, is_checked = address_of(data)
        if not email or not is_checked:
            raise ImmediateHttpResponse(refused(request, UNCHECKED, name))
        user = User.objects.with_email(email)
        # A kelvin sign is a k in small letters alone; it is somebody else's address.
        if user is None or not user.is_active or user.email.upper() != email.strip().upper():
            raise ImmediateHttpResponse(refused(request, UNKNOWN, name, may_ask=True))
        prove_email(user=user, at=now())
        sociallogin.user = user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 allauth gives it
    ) -> None:
        """Says in words why the provider confirmed nobody."""
        if exception is not None:
            log.warning("%s confirmed nobody: %s", provider.name, type(exception).__name__)
        # Some providers forget the state that goes with a refusal; nobody is signed in either way.
        is_cancelled = error == AuthError.CANCELLED or request.GET.get("error") == "access_denied"
        words = CANCELLED if is_cancelled else FAILED
        raise ImmediateHttpResponse(refused(request, words, str(provider.name)))


def is_of_one(data: dict[str, Any]) -> bool:
    """Whether the answer about the user is about whom the token is.

    Source: OpenID Connect Core 1.0, section 5.3.2: `sub` must be compared.
    """
    told, token = data.get("userinfo"), data.get("id_token")
    if not (isinstance(told, dict) and isinstance(token, dict)):
        return isinstance(token, dict)
    return bool(token.get("sub")) and told.get("sub") == token["sub"]


def address_of(data: dict[str, Any]) -> tuple[str, bool]:
    """The email address of the user there, and whether the provider checked it.

    Some providers write `email_verified` as text.
    """
    told = data.get("userinfo") or data["id_token"]
    email = told.get("email")
    checked = told.get("email_verified")
    is_checked = checked is True or (isinstance(checked, str) and checked.lower() == "true")
    return (email if isinstance(email, str) else "").replace("\0", ""), is_checked


def refused(
    request: HttpRequest, words: str, name: str, *, may_ask: bool = False, status: int = 403
) -> HttpResponse:
    """The page that says why somebody was not signed in, with the ways on."""
    context = {"words": words.format(name=name), "name": name, "may_ask": may_ask}
    answer = render(request, "portal/sign_in/not_confirmed.html", context, status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
