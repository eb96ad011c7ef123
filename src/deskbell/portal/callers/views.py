"""Blocked callers: all of them, and what is done with one. Source: design, product, item 10."""

from __future__ import annotations

from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from deskbell.calls import actions, queries
from deskbell.calls.models import BlockedCaller
from deskbell.foundation.clock import now
from deskbell.foundation.numbers import for_people

from ..acting import done_by
from ..asking import act, ask
from ..attendant.frame import Item, Question, data_of, is_post
from ..attendant.listing import Asked, Column, as_csv, in_order, listed
from ..lists import written
from ..oncall.frame import save
from ..pages import page
from ..tenancy import PortalRequest
from .forms import REFUSED, BlockForm, HowForm, shown
from .frame import FOLDER, editing_page, show

COLUMNS: Final[list[Column[BlockedCaller]]] = [
    Column(
        "blocked",
        "Blocked",
        lambda row: f"{localtime(row.blocked_at):%Y-%m-%d %H:%M}",
        lambda row: row.blocked_at,
        first="desc",
    ),
    Column("caller", "Caller", lambda row: f"{for_people(row.caller_id)} {row.caller_id}"),
    Column("how", "When they call", lambda row: "Refused" if row.is_refused else "Marked"),
    Column("reason", "Reason", lambda row: row.reason),
    Column("by", "Blocked by", lambda row: row.blocked_by),
]


@require_safe
@page
def callers(request: PortalRequest) -> HttpResponse:
    """The account's blocked callers, searched and sorted, or all of them as a table."""
    asked, rows = Asked.read(request.GET), list(queries.blocked())
    if request.GET.get("format") == "csv":
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "blocked-callers")
    return show(request, "callers", {"list": listed(rows, COLUMNS, asked), "is_empty": not rows})


@require_http_methods(["GET", "HEAD", "POST"])
@editing_page
def block(request: PortalRequest) -> HttpResponse:
    """Blocks a caller; `caller` in the address fills the number in."""
    form = BlockForm(data_of(request))
    if not is_post(request):
        form.initial = {"caller_id": written(request.GET, "caller", 64), "how": REFUSED}
    if is_post(request) and form.is_valid():
        number = form.cleaned_data["caller_id"]
        if save(form, lambda: _block(request, number, form)):
            notices.success(request, f"{for_people(number)} is blocked from now on.")
            return redirect("callers")
    return show(request, "form", {"form": form, "back": reverse("callers")})


@require_http_methods(["GET", "HEAD", "POST"])
@editing_page
def caller(request: PortalRequest, block_id: int) -> HttpResponse:
    """Changes what happens to a blocked caller's calls."""
    found = queries.blocked_one(block_id)
    form = HowForm(data_of(request), part=shown(found))
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(shown(queries.blocked_one(block_id)))
            _block(request, found.caller_id, form)

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect("callers")
    return show(request, "form", {"form": form, "blocked": found, "back": reverse("callers")})


@require_http_methods(["GET", "HEAD", "POST"])
@editing_page
def unblock(request: PortalRequest, block_id: int) -> HttpResponse:
    """Asks before a caller is let through again."""
    found = queries.blocked_one(block_id)
    who = for_people(found.caller_id)
    if is_post(request):
        act(
            request,
            lambda: actions.unblock(account_id=request.account.pk, caller_id=found.caller_id),
            done=f"{who} may call again.",
        )
        return redirect("callers")
    after = "Their calls are answered again" if found.is_refused else "They are marked no more"
    reason = [Item(f"They were blocked for: {found.reason}")] if found.reason else []
    question = Question(
        title=f"Unblock {who}?",
        words=f"{after}, from now on.",
        items=reason,
        verb="Unblock",
        action=reverse("callers:unblock", args=[block_id]),
        back=reverse("callers"),
        is_danger=False,
    )
    return ask(request, question, alone=f"{FOLDER}/dialog_page.html")


def _block(request: PortalRequest, number: str, form: HowForm) -> None:
    actions.block(
        account_id=request.account.pk,
        caller_id=number,
        is_refused=form.is_refused,
        reason=form.cleaned_data["reason"],
        by=done_by(request),
        at=now(),
    )
