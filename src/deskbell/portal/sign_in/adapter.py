"""Deskbell's rules for allauth: who may sign in, after how many tries, and where they come."""

from __future__ import annotations

import math
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from deskbell.accounts.actions import (
    Try,
    begin_try,
    forgive,
    record_sign_in,
    take_back,
    wrong_sign_in,
)
from deskbell.accounts.errors import TooOften
from deskbell.accounts.models import Staff, User
from deskbell.accounts.notices import Notice
from deskbell.audit.actions import write
from deskbell.audit.rules import Door
from deskbell.desk.models import Receptionist
from deskbell.foundation.clock import now
from deskbell.platform.addresses import address_of
from deskbell.platform.jobs import enqueue

from . import devices
from .jobs import send_new_device

WRONG: Final = "That email address and password do not belong together. Check both, then try again."
LOCKED: Final = (
    "Sign-in for this email address is locked after too many wrong passwords."
    " Try again in {wait}, or reset the password."
)
UNKNOWN_ADDRESS: Final = "0.0.0.0"  # noqa: S104 no address to listen on: where none is known
FIRST: Final = "sign_in_first"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Deskbell's rules for allauth."""

    error_messages = DefaultAccountAdapter.error_messages | {"email_password_mismatch": WRONG}
    _begun: Try | None = None

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

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `next` stays here; allauth's own would lead to any host that may be ours."""
        return url_has_allowed_host_and_scheme(
            url or "", {self.request.get_host()}, require_https=settings.IS_HTTPS
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from, also behind the operator's proxy."""
        return address_of(request) or UNKNOWN_ADDRESS

    def add_message(self, *_: Any, **__: Any) -> None:
        """Leaves no notice: each page says itself what happened, and nothing waits for the next."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try. Raises ValidationError, saying how long, where it is one too many."""
        email, at = str(credentials.get("email", "")), now()
        device = devices.device_of(request, email, at)
        address = self.get_client_ip(request)
        try:
            self._begun = begin_try(email=email, address=address, device=device, at=at)
        except TooOften as error:
            wrong_sign_in(email=email, address=address, at=at)
            words = LOCKED.format(wait=in_words(error.seconds))
            raise ValidationError(words, code="locked") from error

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts a wrong password for the operator; the last before a lock is written down."""
        email, at = str(credentials.get("email", "")), now()
        wrong_sign_in(email=email, address=self.get_client_ip(request), at=at)
        if self._begun is not None and self._begun.is_last:
            write_lock(request, email)

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth's name for it: the password was right, so the try does not count."""
        if self._begun is not None:
            take_back(self._begun)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signs in, and keeps the sign-in before this one for the dashboard's "Last Login".

        Who did not ask to be kept signed in is so until the browser is closed.
        """
        if isinstance(user, User):
            setattr(request, FIRST, user.last_login is None)
            record_sign_in(user=user)
        super().login(request, user)
        if "_session_expiry" not in request.session:
            request.session.set_expiry(0)

    def post_login(self, request: HttpRequest, user: User, **named: Any) -> HttpResponse:
        """Knows the device from now on; a new one is told by mail to those who want that."""
        response: HttpResponse = super().post_login(request, user, **named)
        at = now()
        is_new = devices.remember(request, response, user, at)
        is_first = getattr(request, FIRST, False)
        if is_new and not is_first and Notice.NEW_SIGN_IN in user.notices:
            enqueue(
                send_new_device,
                user_id=user.pk,
                at=at.isoformat(),
                address=address_of(request),
                device=devices.in_words(request.headers.get("User-Agent", "")),
            )
        return response

    def unlock(self, request: HttpRequest, email: str) -> None:  # noqa: ARG002 as allauth's are
        """Ends a lock: somebody who could reset the password owns the address."""
        forgive(email=email)


def write_lock(request: HttpRequest, email: str) -> None:
    """Writes into the operator's audit log that guessing was stopped; once in a quarter of an hour.

    A line for each wrong password would let anybody fill the log.
    """
    write(
        door=Door.PORTAL,
        act="sign_in_locked",
        words="Sign-in was locked after too many wrong passwords",
        at=now(),
        subject=email,
        who_name=email,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )


def in_words(seconds: float) -> str:
    """A wait as people say it, rounded up to minutes."""
    minutes = max(1, math.ceil(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
