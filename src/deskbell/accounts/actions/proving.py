"""Whether somebody showed that the email address they sign in with is theirs.

Administrators may add people under any address, with a password of the administrators' choosing
(seed 002, "Create User"). Whatever was set up under an address that nobody showed to be theirs may
be somebody else's, so it ends with the first link that its mailbox is sent.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..hooks import PersonEvent, email_proved
from ..models import User, UserToken
from .people import follow_new_password, withdraw_email_changes
from .staying import hold_user


def prove_email(*, user: User, at: datetime, keeps_password: bool = False) -> None:
    """The person followed a link that was mailed to their address, or a provider of sign-in that
    checked it says so.

    The first time, every way in ends that somebody else may have under that address: tokens,
    changes of address that were asked for, the password unless the link just set it
    (`keeps_password`), of which they are told by mail, and by `hooks.email_proved` sessions and
    second factors. Later it does nothing. Raises UserNotFound.
    """
    with transaction.atomic():
        hold_user(user)
        if user.email_proved:
            return
        user.email_proved, user.updated_at = True, at
        loses_password = not keeps_password and user.has_usable_password()
        if loses_password:
            user.set_unusable_password()
        user.save(update_fields=["email_proved", "password", "updated_at"])
        UserToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
        (follow_new_password if loses_password else withdraw_email_changes)(user=user, at=at)
        email_proved.fire(PersonEvent(user.pk, at))


def doubt_email(*, user: User) -> None:
    """Somebody else set the person's address or password. Needs the person's row held."""
    user.email_proved = False
    user.save(update_fields=["email_proved"])
