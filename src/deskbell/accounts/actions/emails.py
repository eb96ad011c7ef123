"""Changing one's email address, which is how one signs in: it counts once its link was followed.

The person proves that the new address is theirs, and whoever has the old one is told. Whether
somebody else signs in with the new address is learned by nobody but whoever reads its mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.foundation.errors import Conflict, InvalidInput, NotFound

from ..hooks import EmailAsked, email_asked
from ..models import EmailChange, User
from ..tokens import hash_of, new_token
from .people import checked_email, edit_user, withdraw_email_changes
from .staying import hold_user

LINK_LASTS: Final = timedelta(hours=24)
MOST_ASKED: Final = 5
ASKED_WITHIN: Final = timedelta(hours=1)


class LinkOver(Conflict):
    """The link was followed before, was withdrawn, or is too old."""


def ask_for_email(*, user: User, email: str, at: datetime) -> EmailChange:
    """Wants another email address, in place of whatever was asked for before.

    Its link is made and mailed by a job (`hooks.email_asked`). Raises InvalidInput for what is no
    address or the present one, and Conflict where too many were asked for within the hour: mails
    to strangers are no toy.
    """
    wanted = checked_email(email.strip())
    with transaction.atomic():
        hold_user(user)
        if wanted == user.email:
            raise InvalidInput("This is your email address already.", field="email")
        recent = EmailChange.objects.filter(user=user, created_at__gt=at - ASKED_WITHIN)
        if recent.count() >= MOST_ASKED:
            raise Conflict("You asked for too many changes within the hour. Try again later.")
        withdraw_email_changes(user=user, at=at)
        made = EmailChange.objects.create(
            user=user,
            email=wanted,
            token_hash=hash_of(new_token()),  # nobody's, until the job makes the link
            created_at=at,
            expires_at=at + LINK_LASTS,
        )
        email_asked.fire(EmailAsked(made.pk, at))
    return made


def token_for_email(*, change_id: int, at: datetime) -> tuple[EmailChange, str] | None:
    """A new token for a change that is still open, in place of the one before, and the change.

    None where it is over. Only the job that mails it calls this, so that no queue holds a token.
    """
    token = new_token()
    waiting = EmailChange.objects.filter(
        pk=change_id, used_at=None, withdrawn_at=None, expires_at__gt=at
    )
    if not waiting.update(token_hash=hash_of(token)):
        return None
    return EmailChange.objects.select_related("user").get(pk=change_id), token


def email_change_by_token(token: str, *, at: datetime) -> EmailChange:
    """The open change that a link is for, with its person. Raises NotFound, LinkOver."""
    found = EmailChange.objects.select_related("user").filter(token_hash=hash_of(token)).first()
    if found is None or not found.user.is_active:
        raise NotFound("This link is not known, or a newer one took its place.")
    if found.used_at:
        raise LinkOver(f"This link was followed before. The address is {found.user.email} now.")
    if found.withdrawn_at:
        raise LinkOver("This change of address was withdrawn. Ask for another on My Profile.")
    if found.expires_at <= at:
        raise LinkOver("This link is older than a day. Ask for a new one on My Profile.")
    return found


def confirm_email(*, token: str, at: datetime) -> User:
    """Makes the new address the person's, once; `edit_user` has the old one told.

    Raises NotFound, LinkOver, and EmailTaken where somebody else took the address meanwhile:
    whoever holds the link reads its mail, and may know.
    """
    with transaction.atomic():
        found = email_change_by_token(token, at=at)
        hold_user(found.user)
        found = email_change_by_token(token, at=at)  # as it is now that nobody else changes it
        EmailChange.objects.filter(pk=found.pk).update(used_at=at)
        return edit_user(user=found.user, at=at, email=found.email)
