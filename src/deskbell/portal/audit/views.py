"""The account's audit log, for those who have the Audit Log access."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from deskbell.accounts.rules import Right
from deskbell.reports import audit as report

from ..pages import is_partial
from ..reports.exports.links import made_beside
from ..rights import page_with
from ..tenancy import PortalRequest
from . import files
from .asked import Asked, meant
from .shown import context


@require_safe
@page_with(Right.AUDIT_LOG)
def audit(request: PortalRequest) -> HttpResponse:
    """The log, or the part of the page that changes while somebody narrows it down."""
    asked = Asked.read(request.GET)
    whole = context(asked, meant(asked)) | {"home": reverse("audit"), "base": "audit"}
    if not is_partial(request):
        return render(request, "portal/audit/audit.html", whole)
    response = render(request, "portal/audit/list.html", whole)
    response.headers["HX-Replace-Url"] = reverse("audit") + asked.query.rstrip("?")
    return response


@require_GET
@page_with(Right.AUDIT_LOG)
def export_csv(request: PortalRequest) -> HttpResponseBase:
    """All of it that the list shows, as CSV."""
    return _file(request, "csv")


@require_GET
@page_with(Right.AUDIT_LOG)
def export_xlsx(request: PortalRequest) -> HttpResponseBase:
    """All of it that the list shows, as a spreadsheet; of more than 10,000 it is made beside."""
    return _file(request, "xlsx")


def _file(request: PortalRequest, kind: str) -> HttpResponseBase:
    asked = Asked.read(request.GET).whole
    found, back = meant(asked), reverse("audit") + asked.query
    if found.errors:
        words = "Nothing was exported. " + " ".join(found.errors.values())
        return files.refused(request, words, back)
    wanted = files.up_to_now(found.wanted)
    table = report.of_account(account=request.account, wanted=wanted)
    name = f"audit-log-{request.account.number}"
    if kind == "csv":
        return files.as_csv(table, name)
    if files.is_too_long(wanted):
        return made_beside(request, "audit", asked.filters)
    return files.as_xlsx(table, name)
