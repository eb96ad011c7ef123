"""The page of the sessions that a person has, each of which they can end."""

from __future__ import annotations

from allauth.account.internal.flows.logout import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..acting import own_hands
from ..asking import act, ask
from ..attendant.frame import Question
from ..mfa.actions import forget_devices
from ..mfa.trusting import is_trusted, trust_here
from ..pages import page
from ..tenancy import PortalRequest
from .sessions import end_all_sessions, end_other_sessions, end_session, sessions_of


@require_safe
@page
@own_hands
def sessions(request: PortalRequest) -> HttpResponse:
    """Lists where the person is signed in."""
    places = sessions_of(request.user, request.session.session_key)
    return render(request, "portal/sign_in/sessions.html", {"places": places})


@require_POST
@page
@own_hands
def end(request: PortalRequest, session_id: int) -> HttpResponse:
    """Ends one session; one's own is signing out."""
    act(request, lambda: end_session(request.user, session_id), done="The session is ended.")
    return redirect("sessions")


@require_POST
@page
@own_hands
def end_others(request: PortalRequest) -> HttpResponse:
    """Signs out everywhere but here, and trusts no other device any more."""
    response, is_trusted_here = redirect("sessions"), is_trusted(request, request.user)
    act(request, lambda: end_other_sessions(request), done="You are signed out everywhere else.")
    forget_devices(user=request.user)
    if is_trusted_here:
        trust_here(request, request.user, response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page
@own_hands
def end_all(request: PortalRequest) -> HttpResponse:
    """Signs out everywhere, here too, after asking."""
    if request.method == "POST":
        end_all_sessions(request.user)
        logout(request)
        return redirect(f"{reverse('account_login')}?everywhere=1")
    question = Question(
        title="Sign out everywhere?",
        words="Every device has to sign in again, this one too. Devices that were seen before"
        " count as new ones, trusted ones ask for a code again, and what is typed and not saved"
        " there is lost.",
        action=reverse("sessions_end_all"),
        verb="Sign out",
        back=reverse("sessions"),
    )
    return ask(request, question, alone="portal/sign_in/dialog_page.html")
