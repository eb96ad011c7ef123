"""A user of the account: the name, and what they may do. Source: seed 000, "My Accounts"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell import audit
from deskbell.accounts.actions import rename_member, set_access
from deskbell.accounts.models import Staff
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now

from ..acting import own_hands
from ..mfa.resetting import may_reset
from ..rights import page_with
from ..tenancy import PortalRequest
from .forms import AccessForm, NameForm, access_shown
from .frame import data_of, is_post, save, show
from .people import Line, line_of


@require_http_methods(["GET", "HEAD", "POST"])
@page_with(Right.USERS)
def user(request: PortalRequest, user_id: int) -> HttpResponse:
    """Shows a user, and changes the name of one who belongs to this account alone."""
    line = line_of(request.account, user_id)
    why_not = _not_ours(request, line)
    form = NameForm(data_of(request), part={"name": line.user.name}, locked=bool(why_not))
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged({"name": line_of(request.account, user_id).user.name})
            rename_member(
                user=line.user,
                account=request.account,
                name=form.cleaned_data["name"],
                by=request.user,
                at=now(),
            )

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect("accounts:user", user_id)
    return show(request, "user", {**_context(request, line), "form": form, "not_ours": why_not})


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page_with(Right.USERS)
def access(request: PortalRequest, user_id: int) -> HttpResponse:
    """Shows and changes what a user may do in this account."""
    line = line_of(request.account, user_id)
    shown = _place(line)
    form = AccessForm(data_of(request), part=shown)
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(_place(line_of(request.account, user_id)))
            set_access(
                user=line.user,
                account=request.account,
                role=form.cleaned_data["role"],
                accesses=form.cleaned_data["accesses"],
                by=request.user,
                at=now(),
            )

        if save(form, change):
            audit.note(request, subject=str(line.user))
            notices.success(request, f"Saved what {line.user} may do.")
            return redirect("accounts:user", user_id)
    return show(request, "access", {**_context(request, line), "form": form})


def _place(line: Line) -> dict[str, Any]:
    return access_shown(line.member.role, line.member.accesses)


def _context(request: PortalRequest, line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "person": line.user,
        "is_self": line.user.pk == request.user.pk,
        "may_reset": line.has_mfa and may_reset(line.user, request.user),
        "back": reverse("accounts:users"),
    }


def _not_ours(request: PortalRequest, line: Line) -> str:
    """Why this account cannot change who a person is; empty where it can."""
    if request.user.staff == Staff.OPERATOR:
        return ""
    if line.user.is_staff_member:
        return f"{line.user} is on the operator's staff, so only the operator can change them."
    if line.elsewhere:
        return (
            f"{line.user} belongs to another account too. You decide what they may do here;"
            " their name and whether they can sign in are theirs and the operator's."
        )
    return ""
