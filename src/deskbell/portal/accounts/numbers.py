"""The account's phone numbers, each with its company. Source: seed 000, "My Accounts"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.accounts.actions import brand_number
from deskbell.accounts.companies import CompanyShown
from deskbell.accounts.models import PhoneNumber
from deskbell.accounts.queries import companies_of, company_of, company_of_account
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import digits_of, for_people

from ..attendant.listing import Asked, Column, as_csv, in_order, listed
from ..pages import page
from ..rights import has, page_with
from ..tenancy import PortalRequest
from .company_form import CompanyForm, said_of
from .frame import data_of, is_post, save, show

FILTERS: Final = {"": "All", "attendant": "Attendant numbers", "extension": "Extensions"}


@dataclass(frozen=True, slots=True)
class Line:
    """A number in the list, with what it shows of its company."""

    number: PhoneNumber
    company: CompanyShown

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "Extension" if self.number.is_extension else "Attendant number"

    @property
    def detail(self) -> str:
        """An extension's number and spoken name."""
        parts = (self.number.extension, self.number.extension_spoken_name)
        return " · ".join(part for part in parts if part)


COLUMNS: Final[list[Column[Line]]] = [
    Column("company", "Company", lambda line: line.company.company_name),
    Column(
        "number",
        "Number",
        lambda line: f"{for_people(line.number.number)} {line.number.number}",
        order=lambda line: digits_of(line.number.number),
    ),
    Column("kind", "Kind", lambda line: f"{line.kind} {line.detail}".strip()),
    Column("phone", "Company phone", lambda line: line.company.company_phone),
    Column("email", "Company email", lambda line: line.company.company_email),
]


@require_safe
@page
def numbers(request: PortalRequest) -> HttpResponse:
    """Every number of the account with its company, searched and sorted, or all as a table."""
    asked, lines = Asked.read(request.GET), _lines()
    shown = [line for line in lines if _is_shown(line, asked.show)]
    if request.GET.get("format") == "csv":
        return as_csv(in_order(shown, COLUMNS, asked), COLUMNS, "phone-numbers")
    context = {
        "list": listed(shown, COLUMNS, asked),
        "is_empty": not lines,
        "filters": [(asked.showing(name), label) for name, label in FILTERS.items()],
        "company": company_of_account(request.account),
    }
    return show(request, "numbers", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_with(Right.ACCOUNT_MANAGEMENT, look=True)
def number(request: PortalRequest, number_id: int) -> HttpResponse:
    """What a number shows of its company; what it leaves blank is the account's."""
    row = _one(number_id)
    locked = not has(request, Right.ACCOUNT_MANAGEMENT)
    form = CompanyForm(
        data_of(request), request.FILES or None, part=row, default=row.account, locked=locked
    )
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(_one(number_id))
            at = now()
            said = form.fields_said(at, user_id=request.user.pk)
            brand_number(number=row, at=at, **said)

        if save(form, change):
            audit.note(request, subject=for_people(row.number))
            notices.success(request, f"Saved for {for_people(row.number)}.")
            return redirect("accounts")
    context = {
        "form": form,
        "number": row,
        "company": company_of(row),
        "default": company_of_account(request.account),
        "own": said_of(row),
        "back": reverse("accounts"),
    }
    return show(request, "number", context)


def _lines() -> Sequence[Line]:
    rows = list(PhoneNumber.objects.select_related("account").order_by("number", "pk"))
    shown = companies_of(rows)
    return [Line(each, shown[each.pk]) for each in rows]


def _is_shown(line: Line, kind: str) -> bool:
    return kind not in ("attendant", "extension") or line.number.is_extension == (
        kind == "extension"
    )


def _one(number_id: int) -> PhoneNumber:
    found = PhoneNumber.objects.select_related("account").filter(pk=number_id).first()
    if found is None:
        raise NotFound("There is no such number in this account")
    return found
