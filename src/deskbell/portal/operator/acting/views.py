"""The dialog that asks why, and the button that stops."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskbell import audit
from deskbell.accounts.models import User
from deskbell.accounts.queries import accounts_of
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ...acting import acting_operator, begin, stop, why_not
from ...attendant.forms import PartForm
from ...attendant.frame import data_of, is_post
from ...oncall.frame import read_id
from ...pages import is_partial
from ...tenancy import PortalRequest, switch_account
from ..frame import FOLDER, operator_page, show

SHORTEST: Final = 5
LONGEST: Final = 200
WHY: Final = "Say in a few words why, as “Call of 9 March: cannot find her messages”."


class ReasonForm(PartForm[Any]):
    """Why the operator acts as somebody; people of the account read it in their audit log."""

    reason = forms.CharField(
        label="Why",
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text="Stands in the audit log, yours and the account's.",
        error_messages={
            "required": WHY,
            "min_length": WHY,
            "max_length": f"Use {LONGEST} characters at most.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def act_as(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks why, and then acts as a person, in the account `account` where they belong to it.

    Writes the session. Raises NotFound where there is no such person.
    """
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise NotFound("There is no such person")
    form = ReasonForm(data_of(request))
    refusal = why_not(person)
    if is_post(request) and not refusal and form.is_valid():
        _begin(request, person, form.cleaned_data["reason"])
        return redirect("dashboard")
    base = "portal/attendant/dialog.html" if is_partial(request) else f"{FOLDER}/dialog_page.html"
    context = {
        "form": form,
        "person": person,
        "refusal": refusal,
        "dialog_base": base,
        "chosen_account": read_id(request.GET.get("account")) or "",
        "accounts_of_person": list(accounts_of(person)[:20]) if not refusal else [],
    }
    status = 409 if is_post(request) and refusal else 0
    return show(request, "acting/begin", context, status=status)


def _begin(request: PortalRequest, person: User, reason: str) -> None:
    wanted = read_id(request.GET.get("account") or request.POST.get("account"))
    theirs = accounts_of(person)
    account = (theirs.filter(pk=wanted).first() if wanted else None) or theirs.first()
    begin(request, person=person, reason=reason, at=now())
    if account is not None:
        switch_account(request, account.pk)
    audit.note(
        request,
        subject=person.email,
        changes={"reason": ("", reason)},
        account_id=account.pk if account else None,
    )


@require_POST
def stop_acting(request: HttpRequest) -> HttpResponse:
    """Ends acting, and leads back to the operator's pages. Writes the session."""
    if acting_operator(request) is None:
        raise PermissionDenied("You act as nobody.")
    person = request.user
    audit.note(request, subject=person.email if isinstance(person, User) else "")
    stop(request)
    notices.success(request, f"You work as yourself again, no longer as {person}.")
    return redirect("operator")
