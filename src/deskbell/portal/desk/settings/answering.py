"""On what terms receptionists answer the account's calls: for each number, or for all others."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages as notices
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.accounts.models import PhoneNumber
from deskbell.desk.actions.terms import Terms, forget_terms, set_terms
from deskbell.desk.models import Answering
from deskbell.foundation.errors import NotFound

from ...asking import act
from ...attendant.frame import data_of, is_post
from ...attendant.listing import Asked, Column, as_csv, in_order, listed
from ...oncall.frame import save
from ...operator.frame import operator_page
from ...tenancy import PortalRequest
from .forms import NOBODYS, AnsweringForm
from .frame import show

ROOM = "desk:answering"


@dataclass(frozen=True, slots=True)
class Line:
    """A number, and the terms that hold for it."""

    number: PhoneNumber
    has_own: bool
    terms: Terms


COLUMNS: list[Column[Line]] = [
    Column("number", "Number", lambda each: each.number.number),
    Column("skill", "Who answers", lambda each: str(each.terms.skill or NOBODYS)),
    Column("patience", "Longest wait", lambda each: str(each.terms.patience_seconds)),
    Column("target", "In time", lambda each: str(each.terms.target_seconds)),
    Column("wrap", "Write up", lambda each: str(each.terms.wrap_seconds)),
    Column("recorded", "Recorded", lambda each: "Yes" if each.terms.is_recorded else "No"),
]


@require_GET
@operator_page
def answering(request: PortalRequest) -> HttpResponse:
    """The account's numbers and their terms, and those of all others."""
    asked, kept = Asked.read(request.GET), Answering.objects.filter(account=request.account)
    own = {each.number_id: _terms_of(each) for each in kept.select_related("skill")}
    usual = own.get(None, Terms())
    lines = [Line(each, each.pk in own, own.get(each.pk, usual)) for each in _numbers(request)]
    if request.GET.get("format") == "csv":
        return as_csv(in_order(lines, COLUMNS, asked), COLUMNS, "answering")
    return show(request, "answering", {"list": listed(lines, COLUMNS, asked), "usual": usual})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def others(request: PortalRequest) -> HttpResponse:
    """Changes the terms of all numbers that have none of their own."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def number(request: PortalRequest, number_id: int) -> HttpResponse:
    """Changes the terms of one number."""
    found = _numbers(request).filter(pk=number_id).first()
    if found is None:
        raise NotFound("The account has no such number")
    if is_post(request) and "as_others" in request.POST:
        kept = Answering.objects.filter(number=found).first()
        if kept is not None:
            done = f"Calls to {found} are answered as those to the other numbers."
            act(request, lambda: forget_terms(answering=kept), done=done)
        return redirect(ROOM)
    return _edit(request, found)


def _edit(request: PortalRequest, of: PhoneNumber | None) -> HttpResponse:
    form = AnsweringForm(data_of(request), part=_present(request, of))
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(_present(request, of))
            account_id = request.account.pk
            set_terms(account_id=account_id, number=of, terms=form.terms())

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect(ROOM)
    context = {
        "form": form,
        "number": of,
        "has_own": of is not None and Answering.objects.filter(number=of).exists(),
        "back": reverse(ROOM),
    }
    return show(request, "terms", context)


def _present(request: PortalRequest, of: PhoneNumber | None) -> Terms:
    """The terms as they are: the number's own, else those of all others."""
    rows = Answering.objects.filter(account=request.account).select_related("skill")
    own = rows.filter(number=of).first() if of is not None else None
    return _terms_of(own or rows.filter(number=None).first())


def _terms_of(kept: Answering | None) -> Terms:
    if kept is None:
        return Terms()
    return Terms(
        skill=kept.skill,
        patience_seconds=kept.patience_seconds,
        wrap_seconds=kept.wrap_seconds,
        target_seconds=kept.target_seconds,
        is_recorded=kept.is_recorded,
    )


def _numbers(request: PortalRequest) -> QuerySet[PhoneNumber]:
    found = PhoneNumber.objects.filter(account=request.account, is_extension=False)
    return found.order_by("number", "id")
