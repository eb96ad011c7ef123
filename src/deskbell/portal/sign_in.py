"""How people sign in: allauth's flow with Deskbell's rules and words.

Source: seed 000, "Introduction" (User Sign In).
"""

from __future__ import annotations

import math
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from allauth.account.views import (
    AccountInactiveView,
    LoginView,
    LogoutView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from deskbell.accounts.actions import record_sign_in
from deskbell.accounts.models import Staff, User
from deskbell.desk.models import Receptionist
from deskbell.platform.jobs import enqueue

from .jobs import send_reset_link

WRONG = "That email address and password do not belong together. Check both, then try again."
LOCKED = (
    "Sign-in for this email address is locked after too many wrong passwords."
    " Try again in {wait}, or reset the password."
)
LIMIT = {"app": "allauth.account", "action": "login_failed"}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Deskbell's rules for allauth."""

    error_messages = DefaultAccountAdapter.error_messages | {"email_password_mismatch": WRONG}

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody comes who was not on the way to a page: receptionists to their desk."""
        user = request.user
        if isinstance(user, User) and user.staff == Staff.RECEPTIONIST:
            return reverse(
                "desk" if Receptionist.objects.filter(user=user).exists() else "dashboard"
            )
        return reverse("dashboard")

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 allauth names it
        """Nobody signs up by themselves: accounts invite their users."""
        return False

    def add_message(self, *_: Any, **__: Any) -> None:
        """Leaves no notice: each page says itself what happened, and nothing waits for the next."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt. Raises ValidationError, saying how long, where it is one too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            wait = in_words(seconds_locked(request, key))
            raise ValidationError(LOCKED.format(wait=wait), code="locked") from error

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signs in, and keeps the sign-in before this one for the dashboard's "Last Login"."""
        if isinstance(user, User):
            record_sign_in(user=user)
        super().login(request, user)

    def unlock(self, request: HttpRequest, email: str) -> None:
        """Ends a lock: somebody who could reset the password owns the address."""
        key = self._get_login_attempts_cache_key(request, email=email)
        ratelimit.clear(request, action=LIMIT["action"], key=key)


def seconds_locked(request: HttpRequest, key: str) -> float:
    """How long until the next attempt to sign in with this key is allowed."""
    wait = 0.0
    for rate in get_rates(**LIMIT):
        history = cache.get(get_cache_key(request, rate=rate, key=key, **LIMIT), [])
        if len(history) >= rate.amount:
            wait = max(wait, history[rate.amount - 1] + rate.duration - time.time())
    return wait


def in_words(seconds: float) -> str:
    """A wait as people say it, rounded up to minutes."""
    minutes = max(1, math.ceil(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for the link to a new password."""

    def save(self, request: HttpRequest, **_: Any) -> str:  # noqa: ARG002 allauth names it
        """Has the worker send the link, if somebody signs in with the address.

        Whoever asks learns nothing from the answer, nor from how long it takes, about whether
        the address is known here.
        """
        for user in self.users:
            enqueue(send_reset_link, user_id=user.pk)
        return str(self.cleaned_data["email"])


class NewPasswordView(PasswordResetFromKeyView):  # type: ignore[misc]
    """Sets a new password by the link of an email, and ends a lock of that address."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keeps the new password."""
        Adapter(self.request).unlock(self.request, self.reset_user.email)
        return super().form_valid(form)  # type: ignore[no-any-return]


def _at(name: str) -> dict[str, str]:
    return {"template_name": f"portal/sign_in/{name}.html"}


sign_in = LoginView.as_view(**_at("sign_in"))
sign_out = LogoutView.as_view(**_at("sign_out"))
switched_off = AccountInactiveView.as_view(**_at("switched_off"))
forgotten = PasswordResetView.as_view(form_class=ForgottenForm, **_at("forgotten"))
link_sent = PasswordResetDoneView.as_view(**_at("link_sent"))
new_password = NewPasswordView.as_view(**_at("new_password"))
password_set = PasswordResetFromKeyDoneView.as_view(**_at("password_set"))
