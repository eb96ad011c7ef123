"""What people see of themselves alone."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ..models import EmailChange, User, UserToken


def open_email_change(user: User, *, at: datetime) -> EmailChange | None:
    """The change of address that waits for its link to be followed, if there is one."""
    waiting = EmailChange.objects.filter(user=user, used_at=None, withdrawn_at=None)
    return waiting.filter(expires_at__gt=at).order_by("-pk").first()


def user_tokens(user: User) -> QuerySet[UserToken]:
    """The person's tokens for the Auto Attendant API, oldest first, revoked ones too."""
    return UserToken.objects.filter(user=user).order_by("created_at", "id")
