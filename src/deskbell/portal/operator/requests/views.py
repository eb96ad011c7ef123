"""People who ask for access: who they say they are, and letting them in or not."""

from __future__ import annotations

from typing import Final

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.models import AccessRequest, Account, User
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ...asking import act
from ...attendant.frame import Question, data_of, is_post
from ...attendant.listing import Asked, Column
from ...attendant.systems.forms import zones
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import Table, any_has, context_of, wants_csv
from ..picking import numbered
from .forms import ApproveForm

ROOM: Final = "operator:requests"
DECIDED: Final = "decided"


def decision(row: AccessRequest) -> str:
    """How a request was decided, in words; empty while it is open."""
    if row.decided_at is None:
        return ""
    return f"{'Invited' if row.invitation_id else 'Declined'} by {row.decided_by}"


COLUMNS: Final[list[Column[AccessRequest]]] = [
    Column(
        "asked", "Asked", lambda row: f"{localtime(row.created_at):%Y-%m-%d %H:%M}", first="desc"
    ),
    Column("name", "Name", lambda row: row.name),
    Column("email", "Email", lambda row: row.email),
    Column("company", "Company", lambda row: row.company),
    Column("phone", "Telephone", lambda row: row.phone),
    Column("decided", "Decided", decision),
]
TABLE: Final[Table[AccessRequest, AccessRequest]] = Table(
    columns=COLUMNS,
    orders={
        "asked": ["created_at"],
        "name": ["name"],
        "email": ["email"],
        "company": ["company"],
        "phone": ["phone"],
        "decided": ["decided_at"],
    },
    has=lambda word: any_has(word, "name", "email", "company", "phone", "words"),
    shown=list,
)


@require_safe
@operator_page
def requests(request: PortalRequest) -> HttpResponse:
    """Open requests, or those that were decided; searched and sorted, or as a table."""
    asked = Asked.read(request.GET)
    rows = AccessRequest.objects.filter(decided_at__isnull=asked.show != DECIDED)
    if wants_csv(request):
        return TABLE.csv(rows, asked, "requests")
    context = {
        **context_of(TABLE.page(rows, asked), rows),
        "is_decided": asked.show == DECIDED,
        "filters": [(asked.showing(""), "Open"), (asked.showing(DECIDED), "Decided")],
    }
    return show(request, "requests/requests", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def approve(request: PortalRequest, request_id: int) -> HttpResponse:
    """One request: invites whoever asked to an account, which may be opened for them."""
    found = _one(request_id)
    form = ApproveForm(data_of(request), asked=found)
    if is_post(request) and form.is_valid():
        accounts: list[Account] = []
        if save(form, lambda: accounts.append(_approved(request, form, found))):
            audit.note(request, subject=found.email, account_id=accounts[0].pk)
            notices.success(request, f"{found.email} is invited to {accounts[0].name}.")
            return redirect(ROOM)
    context = {
        "form": form,
        "asked": found,
        "decided": decision(found),
        "is_known": User.objects.with_email(found.email) is not None,
        "back": reverse(ROOM),
        "picked": numbered(),
        "zones": zones(),
    }
    return show(request, "requests/request", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def decline(request: PortalRequest, request_id: int) -> HttpResponse:
    """Asks before a request is declined; whoever asked is told nothing."""
    found = _one(request_id)
    if is_post(request):
        audit.note(request, subject=found.email)
        act(
            request,
            lambda: actions.decline_access(request=found, by=request.user, at=now()),
            done=f"The request of {found.email} is declined.",
        )
        return redirect(ROOM)
    question = Question(
        title=f"Decline the request of {found.name or found.email}?",
        words=f"{found.email} is told nothing, and may ask again.",
        verb="Decline",
        action=reverse("operator:decline_request", args=[found.pk]),
        back=reverse("operator:request", args=[found.pk]),
    )
    return ask(request, question)


def _approved(request: PortalRequest, form: ApproveForm, asked: AccessRequest) -> Account:
    """Invites them; where the account is new and they cannot be invited, it is not opened."""
    at = now()
    with transaction.atomic():
        account: Account = (
            actions.open_account(**form.fields_of_account(), at=at)
            if form.is_new
            else form.cleaned_data["account"]
        )
        actions.approve_access(
            request=asked, account=account, by=request.user, at=at, **form.given()
        )
    return account


def _one(request_id: int) -> AccessRequest:
    found = AccessRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise NotFound("There is no such request")
    return found
