"""What the portal has the worker do."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from deskbell.accounts.models import User, UserStatus
from deskbell.platform.jobs import job


@job("portal.send_reset_link")
def send_reset_link(user_id: int) -> None:
    """Emails a person the link to choose a new password.

    The link is made here, so that no queue ever holds it.
    """
    user = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if user is None:
        return
    key = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )
    context = {"user": user, "url": settings.ENVIRONMENT.public_url + path}
    send_mail(
        "A new password for Deskbell",
        render_to_string("portal/email/reset.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )
