"""Invitations: sent, sent again, withdrawn. Source: seed 000, "My Accounts"."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now

from ..acting import own_hands
from ..asking import act
from ..rights import page_with
from ..tenancy import PortalRequest
from .forms import InviteForm, first_shown
from .frame import Question, ask, data_of, is_post, save, show
from .people import invitation_of


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page_with(Right.USERS)
def invite(request: PortalRequest) -> HttpResponse:
    """Invites an email address to the account, as what it will be there."""
    form = InviteForm(data_of(request))
    if not is_post(request):
        form.initial = first_shown()
    if is_post(request) and form.is_valid() and save(form, lambda: _invite(request, form)):
        email = form.cleaned_data["email"]
        notices.success(request, f"An invitation is on its way to {email}.")
        return redirect("accounts:users")
    return show(request, "invite", {"form": form, "back": reverse("accounts:users")})


@require_POST
@own_hands
@page_with(Right.USERS)
def again(request: PortalRequest, invitation_id: int) -> HttpResponse:
    """Mails a new link; the one of before stops."""
    found = invitation_of(request.account, invitation_id)
    audit.note(request, subject=found.email)
    act(
        request,
        lambda: actions.invite_again(invitation=found, by=request.user, at=now()),
        done=f"A new email is on its way to {found.email}. Links of before no longer work.",
    )
    return redirect("accounts:users")


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page_with(Right.USERS)
def withdraw(request: PortalRequest, invitation_id: int) -> HttpResponse:
    """Asks, then makes an invitation's link stop."""
    found = invitation_of(request.account, invitation_id)
    if is_post(request):
        audit.note(request, subject=found.email)
        act(
            request,
            lambda: actions.withdraw_invitation(invitation=found, by=request.user, at=now()),
            done=f"The invitation of {found.email} is withdrawn.",
        )
        return redirect("accounts:users")
    question = Question(
        title=f"Withdraw the invitation of {found.email}?",
        words="The link in their mail stops at once. You can invite them again.",
        verb="Withdraw",
        action=reverse("accounts:withdraw", args=[found.pk]),
        back=reverse("accounts:users"),
    )
    return ask(request, question)


def _invite(request: PortalRequest, form: InviteForm) -> None:
    given = form.cleaned_data
    actions.invite(
        email=given["email"],
        name=given["name"],
        role=given["role"],
        accesses=given["accesses"],
        account=request.account,
        by=request.user,
        at=now(),
    )
