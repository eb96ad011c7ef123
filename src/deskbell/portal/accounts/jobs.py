"""The mail of an invitation."""

from __future__ import annotations

from deskbell.accounts.actions import new_link
from deskbell.accounts.actions.joining import LASTS
from deskbell.platform.jobs import job

from ..mails import address_of, one_line, send


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
    send(
        invitation.email,
        f"You are invited to {where}",
        "portal/email/invitation.txt",
        name=one_line(invitation.name),
        where=one_line(where),
        by=invitation.invited_by,
        days=LASTS.days,
        url=address_of("invitation", token),
    )
