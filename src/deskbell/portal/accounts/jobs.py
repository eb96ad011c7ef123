"""The mail of an invitation."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from deskbell.accounts.actions import new_link
from deskbell.accounts.actions.joining import LASTS
from deskbell.platform.jobs import job


@job("portal.send_invitation")
def send_invitation(invitation_id: int) -> None:
    """Mails an open invitation with a new link, which is made here, so that no queue holds it.

    Does nothing for one that was accepted or withdrawn. Raises what the mail server says.
    """
    made = new_link(invitation_id=invitation_id)
    if made is None:
        return
    invitation, token = made
    where = invitation.account.name if invitation.account else "the staff of Deskbell"
    context = {
        "name": _one_line(invitation.name),
        "where": _one_line(where),
        "by": invitation.invited_by,
        "days": LASTS.days,
        "url": settings.ENVIRONMENT.public_url + reverse("invitation", args=[token]),
    }
    send_mail(
        f"You are invited to {_one_line(where)}",
        render_to_string("portal/email/invitation.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [invitation.email],
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
