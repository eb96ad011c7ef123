"""A member leaves an account by themselves."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell.accounts.actions import remove_member
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ..acting import own_hands
from ..asking import act
from ..pages import page
from ..tenancy import SESSION_KEY, PortalRequest
from .frame import Question, ask, is_post


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def leave(request: PortalRequest) -> HttpResponse:
    """Asks, then takes the person out of the account that they work in."""
    account, user = request.account, request.user
    if user.is_staff_member:
        raise NotFound("Staff belong to no account")
    if is_post(request):
        is_gone = act(
            request,
            lambda: remove_member(user=user, account=account, by=user, at=now()),
            done=f"You left {account.name}.",
        )
        if is_gone:
            request.session.pop(SESSION_KEY, None)
        return redirect("dashboard" if is_gone else "accounts")
    question = Question(
        title=f"Leave {account.name}?",
        words="You see nothing of this account from then on. Only its administrators can let you"
        " in again. In other accounts you stay as you are.",
        verb="Leave",
        action=reverse("accounts:leave"),
        back=reverse("accounts"),
    )
    return ask(request, question)
