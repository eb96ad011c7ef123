"""The page behind an invitation's link: a new person signs up, a known one joins.

A person whom an administrator added, and who never showed that the address is theirs, signs up as a
new one does.

Whoever has the link reads the mail of the invited address, so they may be told whether it signs in
here already; nobody else is.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deskbell import audit
from deskbell.accounts.actions import accept_invitation, invitation_by_token
from deskbell.accounts.errors import InvitationNotFound, InvitationOver
from deskbell.accounts.models import Invitation, User
from deskbell.accounts.passwords import RULE
from deskbell.foundation.clock import now

from ..acting import own_hands
from ..attendant.frame import data_of, is_post
from ..oncall.frame import SheetForm, save
from ..sign_in import devices
from ..sign_in.sessions import end_other_sessions
from ..tenancy import SESSION_KEY
from .people import access_words

FOLDER: Final = "portal/invitations"
DIFFERENT: Final = "The two are not the same. Type your new password twice."


class NewPersonForm(SheetForm):
    """How a new person is called, and the password with which they sign in."""

    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name."},
    )
    password = forms.CharField(
        label="Password",
        max_length=128,
        strip=False,
        help_text=RULE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    password_again = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": DIFFERENT},
    )

    def clean(self) -> dict[str, Any]:
        """Checks that the password was typed twice."""
        given = self.cleaned_data
        again = given.get("password_again")
        if again is not None and given.get("password", again) != again:
            self.add_error("password_again", DIFFERENT)
        return given


class JoinForm(SheetForm):
    """A known person only says yes."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to, and the way in. 404 and 410 for links that are none any more."""
    try:
        found = invitation_by_token(token, now())
    except InvitationNotFound as error:
        return _over(request, str(error), status=404)
    except InvitationOver as error:
        return _over(request, str(error), status=410)
    here = request.user if isinstance(request.user, User) else None
    if here is not None and here.email != found.email:
        return _show(request, "other_person", found, status=409 if is_post(request) else 200)
    known = User.objects.with_email(found.email)
    is_known = known is not None and known.email_proved
    if here is None and is_known:
        return _show(request, "sign_in_first", found, known=known)
    form = (JoinForm if is_known else NewPersonForm)(data_of(request))
    if not is_post(request):
        form.initial = {"name": found.name}
    if is_post(request) and form.is_valid():
        joined: list[User] = []
        if save(form, lambda: joined.append(_accept(token, form, here if is_known else None))):
            return _welcome(request, found, joined[0], is_new=not is_known)
    return _show(request, "join" if is_known else "new_person", found, form=form, known=known)


def _accept(token: str, form: SheetForm, here: User | None) -> User:
    given = form.cleaned_data
    return accept_invitation(
        token=token,
        at=now(),
        name=given.get("name", ""),
        password=given.get("password"),
        user=here,
    )


def _welcome(request: HttpRequest, found: Invitation, user: User, *, is_new: bool) -> HttpResponse:
    audit.note(request, subject=user.email, account_id=found.account_id, who=user)
    response = redirect("dashboard")
    if is_new:
        get_adapter(request).login(request, user)
        record_authentication(request, user, method="password", email=user.email)
        devices.remember(request, response, user, now())
    elif found.account is None:
        end_other_sessions(request)  # as what they were before
    if found.account is not None:
        request.session[SESSION_KEY] = found.account.pk
        notices.success(request, f"Welcome to {found.account.name}.")
    return response


def _show(
    request: HttpRequest,
    template: str,
    found: Invitation,
    *,
    form: SheetForm | None = None,
    known: User | None = None,
    status: int = 0,
) -> HttpResponse:
    context = {
        "invitation": found,
        "where": found.account.name if found.account else "the staff of this Deskbell",
        "role": found.get_role_display() if found.account else found.get_staff_display(),
        "accesses": access_words(found.accesses) if found.role != "BG_ADMIN" else "",
        "form": form,
        "known": known,
        "sign_in": f"{reverse('account_login')}?next={request.path}",
    }
    decided = status or (form.http_status if form else 200)
    return render(request, f"{FOLDER}/{template}.html", context, status=decided)


def _over(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    return render(request, f"{FOLDER}/over.html", {"words": words}, status=status)
