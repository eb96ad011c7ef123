"""Signing in and out by password, and choosing a new one by a link."""

from __future__ import annotations

from typing import Any

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
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from deskbell import audit
from deskbell.accounts.actions import follow_new_password, prove_email
from deskbell.foundation.clock import now
from deskbell.platform.jobs import enqueue

from . import devices
from .adapter import Adapter
from .jobs import send_reset_link
from .sessions import end_all_sessions


class SignInView(LoginView):  # type: ignore[misc]
    """The form for email address and password, and the other ways."""

    template_name = "portal/sign_in/sign_in.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """allauth's, and who else may say that it is you."""
        context: dict[str, Any] = super().get_context_data(**named)
        return context | {"providers": settings.OPENID_PROVIDERS}


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
        """Keeps the new password, and signs the person out everywhere.

        The browser is known from now on: whoever reads the mail is not locked out with strangers.
        """
        user = self.reset_user
        response: HttpResponse = super().form_valid(form)
        Adapter(self.request).unlock(self.request, user.email)
        end_all_sessions(user)
        follow_new_password(user=user, at=now())
        prove_email(user=user, at=now(), keeps_password=True)
        audit.note(self.request, who=user, subject=user.email)
        devices.remember(self.request, response, user, now())
        return response


def _at(name: str) -> dict[str, str]:
    return {"template_name": f"portal/sign_in/{name}.html"}


sign_in = SignInView.as_view()
sign_out = LogoutView.as_view(**_at("sign_out"))
switched_off = AccountInactiveView.as_view(**_at("switched_off"))
forgotten = PasswordResetView.as_view(form_class=ForgottenForm, **_at("forgotten"))
link_sent = PasswordResetDoneView.as_view(**_at("link_sent"))
new_password = NewPasswordView.as_view(**_at("new_password"))
password_set = PasswordResetFromKeyDoneView.as_view(**_at("password_set"))
