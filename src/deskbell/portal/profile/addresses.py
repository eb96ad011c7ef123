"""Another email address: asked for, withdrawn, confirmed by its link."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.actions import LinkOver
from deskbell.accounts.errors import EmailTaken
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ..acting import own_hands
from ..attendant.frame import data_of, is_post
from ..oncall.frame import save
from ..pages import page
from ..tenancy import PortalRequest
from . import proving
from .forms import EmailForm
from .page import show
from .views import back, done

SENT = (
    "We sent an email to {email}. Your address changes once you follow the link in it,"
    " within a day."
)
OTHER = "You are signed in as {user}. Sign out, and follow the link again."


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def ask(request: PortalRequest) -> HttpResponse:
    """Asks for another address; it counts once its link was followed."""
    if not is_post(request):
        return back()
    user = request.user
    form = EmailForm(data_of(request), user=user)
    if form.is_valid() and (asked := proving.ask(request, form)):
        return asked
    if form.is_valid():
        email = form.cleaned_data["email"].strip()
        if save(form, lambda: actions.ask_for_email(user=user, email=email, at=now())):
            return done(request, SENT.format(email=email))
    return show(request, email_form=form)


@require_POST
@own_hands
@page
def withdraw(request: PortalRequest) -> HttpResponse:
    """Ends a change that waits for its link to be followed."""
    actions.withdraw_email_changes(user=request.user, at=now())
    return done(request, f"Your email address stays {request.user.email}.")


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What a link leads to: a button, because mail programs follow links by themselves."""
    try:
        change = actions.email_change_by_token(token, at=now())
        if request.user.is_authenticated and request.user.pk != change.user_id:
            return _say(request, OTHER.format(user=request.user), status=403)
        if is_post(request):
            return _confirmed(request, token)
    except NotFound as error:
        return _say(request, str(error), status=404)
    except LinkOver as error:
        return _say(request, str(error), status=410)
    except EmailTaken as error:
        return _say(request, str(error), status=409)
    response = render(request, "portal/profile/confirm_email.html", {"change": change})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _confirmed(request: HttpRequest, token: str) -> HttpResponse:
    user = actions.confirm_email(token=token, at=now())
    audit.note(request, who=user, subject=user.email)
    if request.user.is_authenticated:
        notices.success(request, f"Your email address is {user.email} now.")
        return redirect("profile")
    return redirect("profile:email_confirmed")


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Says so to somebody who is not signed in."""
    return _say(request, "Sign in with the new one from now on.", status=200)


def _say(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    context = {"words": words, "is_done": status == 200}
    return render(request, "portal/profile/email_link.html", context, status=status)
