"""What is done with a user of the account: suspended, made active again, removed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.models import User
from deskbell.accounts.queries import invitations
from deskbell.accounts.rules import Right
from deskbell.contacts.models import Contact
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotAllowed

from .. import mfa
from ..acting import own_hands
from ..asking import act
from ..rights import page_with
from ..tenancy import PortalRequest
from .frame import Item, Question, ask, is_post
from .people import line_of

SHOWN = require_http_methods(["GET", "HEAD", "POST"])


@SHOWN
@own_hands
@page_with(Right.USERS)
def suspend(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks, then keeps a user from signing in anywhere."""
    person = line_of(request.account, user_id).user
    if is_post(request):
        return _done(
            request,
            person,
            lambda: actions.suspend(user=person, by=request.user, at=now()),
            f"{person} is suspended and signed out everywhere.",
        )
    words = "They are signed out at once, here and wherever they use a token, until you make them"
    question = _question(
        request, person, "suspend", "Suspend", f"{words} active again. Nothing of theirs is lost."
    )
    return ask(request, question)


@SHOWN
@own_hands
@page_with(Right.USERS)
def reactivate(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks, then lets a suspended or deleted user sign in again."""
    person = line_of(request.account, user_id).user
    if is_post(request):
        return _done(
            request,
            person,
            lambda: actions.reactivate(user=person, by=request.user, at=now()),
            f"{person} can sign in again.",
        )
    words = "They can sign in again, with the password and the access that they had."
    question = _question(request, person, "reactivate", "Reactivate", words, is_danger=False)
    return ask(request, question)


@SHOWN
@own_hands
@page_with(Right.USERS)
def remove(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks, then takes a user out of this account."""
    person = line_of(request.account, user_id).user
    if is_post(request):
        return _done(
            request,
            person,
            lambda: actions.remove_member(
                user=person, account=request.account, by=request.user, at=now()
            ),
            f"{person} does not belong to {request.account.name} any more.",
        )
    words = (
        f"They see nothing of {request.account.name} from then on. In other accounts they stay as"
        " they are. You can invite them again."
    )
    return ask(request, _question(request, person, "remove", "Remove", words))


@SHOWN
@own_hands
@page_with(Right.USERS)
def reset_mfa(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks, then removes a user's MFA, as when their telephone is lost."""
    person = line_of(request.account, user_id).user
    if is_post(request):
        return _done(
            request,
            person,
            lambda: mfa.reset(user=person, by=request.user, at=now()),
            f"{person} has no MFA now, and was told so by email.",
        )
    words = (
        "They sign in with their password alone until they set it up again. Be sure that it is"
        " they who ask you: call them, rather than answer a mail."
    )
    return ask(request, _question(request, person, "reset_mfa", "Remove the MFA", words))


def _question(
    request: PortalRequest,
    person: User,
    view: str,
    verb: str,
    words: str,
    *,
    is_danger: bool = True,
) -> Question:
    title = f"{verb} of {person}?" if view == "reset_mfa" else f"{verb} {person}?"
    return Question(
        title=title,
        words=words,
        items=_breaks(request, person) if view in ("suspend", "remove") else (),
        verb=verb,
        action=reverse(f"accounts:{view}", args=[person.pk]),
        back=reverse("accounts:user", args=[person.pk]),
        is_danger=is_danger,
    )


def _breaks(request: PortalRequest, person: User) -> list[Item]:
    """What else it means that they go."""
    items = []
    if person.pk == request.user.pk:
        items.append(Item("This is you: you will see nothing of it any more."))
    contact = Contact.objects.filter(user_id=person.pk).first()
    if contact is not None:
        words = f"The contact {contact.name} is not removed: on call it is reached as before."
        items.append(Item(words, reverse("oncall:contact", args=[contact.pk])))
    sent = invitations(request.account).filter(invited_by=person.email).count()
    if sent:
        words = "invitation that they sent stops" if sent == 1 else "invitations they sent stop"
        items.append(Item(f"{sent} {words} working.", reverse("accounts:users")))
    return items


def _done(
    request: PortalRequest, person: User, change: Callable[[], object], done: str
) -> HttpResponse:
    try:
        with audit.watching(request, person, "status", subject=str(person)):
            is_done = act(request, change, done=done)
    except NotAllowed as error:
        notices.error(request, str(error))
        is_done = False
    if not is_done:
        return redirect("accounts:user", person.pk)
    return redirect("accounts:users")
