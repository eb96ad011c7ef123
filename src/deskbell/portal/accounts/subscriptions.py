"""What the portal does when people are invited, or may do something else than before."""

from __future__ import annotations

from deskbell.accounts import hooks
from deskbell.accounts.hooks import AccessEvent, InvitationEvent, PersonEvent
from deskbell.accounts.models import User
from deskbell.platform.jobs import enqueue

from ..mfa.resetting import drop
from ..sign_in.sessions import end_all_sessions
from .jobs import send_invitation


def on_invited(event: InvitationEvent) -> None:
    """Mails the invitation."""
    enqueue(send_invitation, invitation_id=event.invitation_id)


def on_access_changed(event: AccessEvent) -> None:
    """Ends the sessions of whoever is switched off, so that none is left when they come back, and
    of whom somebody else makes an operator, a receptionist or neither: they sign in as what they
    are now."""
    if event.what not in {"switched off", "staff"}:
        return
    person = User.objects.get(pk=event.user_id)
    if event.what == "switched off" or event.by != person.email:
        end_all_sessions(person)


def on_email_proved(event: PersonEvent) -> None:
    """Ends the sessions and removes the second factors that somebody else may have."""
    drop(user=User.objects.get(pk=event.user_id), at=event.at)


def subscribe() -> None:
    """Called once, when the portal's app is ready."""
    hooks.invited.subscribe(on_invited)
    hooks.access_changed.subscribe(on_access_changed)
    hooks.email_proved.subscribe(on_email_proved)
