"""Mails that tell a person what happened to their second factor; nobody changes it unseen."""

from __future__ import annotations

from datetime import datetime

from deskbell.accounts.models import User, UserStatus
from deskbell.platform.jobs import job

from ..mails import address_of, send

WHAT = {
    "enabled": "An authenticator app was connected",
    "app_removed": "The authenticator app was removed",
    "passkey_added": "A passkey was added",
    "passkey_removed": "A passkey was removed",
    "codes_renewed": "New recovery codes were made; the old ones no longer work",
    "code_used": "A recovery code was used to sign in",
    "disabled": "MFA was disabled",
    "reset": "Your MFA was removed for you, and you were signed out everywhere",
    "guessed": "Somebody who knows your password typed ten wrong codes",
}


@job("portal.send_second_factor")
def tell(user_id: int, what: str, at: str, detail: str) -> None:
    """Emails a person what happened (a key of `WHAT`) and when; `detail` is a passkey's name."""
    user = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if user is None:
        return
    send(
        user.email,
        "Your sign-in to Deskbell: " + WHAT[what].partition(";")[0].partition(",")[0],
        "portal/mfa/email/told.txt",
        user=user,
        what=WHAT[what],
        detail=detail,
        is_guess=what == "guessed",
        at=datetime.fromisoformat(at),
        url=address_of("mfa_index"),
        password_url=address_of("account_reset_password"),
    )
