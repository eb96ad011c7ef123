"""Mails that tell a person what happened to their second factor; nobody changes it unseen."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from deskbell.accounts.models import User, UserStatus
from deskbell.platform.jobs import job

WHAT = {
    "enabled": "An authenticator app was connected",
    "app_removed": "The authenticator app was removed",
    "passkey_added": "A passkey was added",
    "passkey_removed": "A passkey was removed",
    "codes_renewed": "New recovery codes were made; the old ones no longer work",
    "code_used": "A recovery code was used to sign in",
    "disabled": "Multi-factor authentication was disabled",
    "reset": "Your MFA was removed for you, and you were signed out everywhere",
    "guessed": "Somebody who knows your password typed ten wrong codes",
}


@job("portal.send_second_factor")
def tell(user_id: int, what: str, at: str, detail: str) -> None:
    """Emails a person what happened (a key of `WHAT`) and when; `detail` is a passkey's name."""
    user = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if user is None:
        return
    context = {
        "user": user,
        "what": WHAT[what],
        "detail": detail,
        "is_guess": what == "guessed",
        "at": datetime.fromisoformat(at),
        "url": settings.ENVIRONMENT.public_url + reverse("mfa_index"),
        "password_url": settings.ENVIRONMENT.public_url + reverse("account_reset_password"),
    }
    send_mail(
        "Your sign-in to Deskbell: " + WHAT[what].partition(";")[0].partition(",")[0].lower(),
        render_to_string("portal/mfa/email/told.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )
