"""Who is in the account, and who is invited. Source: seed 000, "My Accounts" ("Users")."""

from __future__ import annotations

from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.accounts.actions import require_mfa
from deskbell.accounts.models import UserStatus
from deskbell.accounts.queries import invitations
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now

from ..acting import own_hands
from ..attendant.listing import Asked, Column, as_csv, in_order, listed
from ..mfa import has_mfa
from ..rights import page_with
from ..tenancy import PortalRequest
from .frame import Question, ask, is_post, show
from .people import Line, is_expired, lines_of


def _when(line: Line) -> str:
    last = line.user.last_login
    return f"{localtime(last):%Y-%m-%d %H:%M}" if last else "Never"


COLUMNS: Final[list[Column[Line]]] = [
    Column("name", "Name", lambda line: str(line.user)),
    Column("email", "Email address", lambda line: line.user.email),
    Column("role", "Role", lambda line: line.role),
    Column("access", "Access", lambda line: line.accesses),
    Column("mfa", "MFA", lambda line: "On" if line.has_mfa else "Off"),
    Column(
        "login",
        "Last sign-in",
        _when,
        lambda line: line.user.last_login.timestamp() if line.user.last_login else 0,
        first="desc",
    ),
    Column("status", "Status", lambda line: line.status),
]
FILTERS: Final = {"": "Users", "suspended": "Suspended", "deleted": "Deleted"}


@require_safe
@page_with(Right.USERS)
def users(request: PortalRequest) -> HttpResponse:
    """The account's people, searched and sorted, or all as a table; and open invitations."""
    asked, lines = Asked.read(request.GET), lines_of(request.account)
    shown = [line for line in lines if _is_shown(line, asked.show)]
    if request.GET.get("format") == "csv":
        return as_csv(in_order(shown, COLUMNS, asked), COLUMNS, "users")
    at = now()
    waiting = [(each, is_expired(each, at)) for each in invitations(request.account)]
    without = sum(1 for line in lines if not line.has_mfa and line.user.is_active)
    context = {
        "list": listed(shown, COLUMNS, asked),
        "filters": [(asked.showing(name), label) for name, label in FILTERS.items()],
        "invitations": waiting,
        "without_mfa": without,
    }
    return show(request, "users", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page_with(Right.USERS)
def second_factor(request: PortalRequest) -> HttpResponse:
    """Asks, then says whether everybody who enters the account needs MFA."""
    account = request.account
    if is_post(request):
        wanted = request.POST.get("required") == "yes"
        with audit.watching(request, account, "requires_mfa"):
            require_mfa(account=account, required=wanted)
        notices.success(
            request,
            "From now on everybody needs MFA here."
            if wanted
            else "MFA is everybody's own choice from now on.",
        )
        return redirect("accounts:users")
    return ask(request, _asked(request))


def _asked(request: PortalRequest) -> Question:
    action, back = reverse("accounts:second_factor"), reverse("accounts:users")
    if request.account.requires_mfa:
        return Question(
            title="Leave MFA to everybody?",
            words="Whoever has it keeps it. Nobody is asked to set it up any more.",
            verb="Leave it to everybody",
            action=action,
            back=back,
            hidden={"required": "no"},
            is_danger=False,
        )
    yourself = "" if has_mfa(request.user) else " You are one of them, so that is your next step."
    return Question(
        title="Require MFA?",
        words="Everybody in this account then signs in with an authenticator app or a passkey."
        f" Whoever has none is led to set one up before they see anything else.{yourself}",
        verb="Require it",
        action=action,
        back=back,
        hidden={"required": "yes"},
        is_danger=False,
    )


def _is_shown(line: Line, kind: str) -> bool:
    if kind == "suspended":
        return line.user.status == UserStatus.SUSPENDED
    return (line.user.status == UserStatus.DELETED) == (kind == "deleted")
