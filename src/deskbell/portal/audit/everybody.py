"""The operator's audit log: of every account, and what belongs to none."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from deskbell.reports import audit as report

from ..operator.frame import operator_page, show
from ..pages import is_partial
from ..tenancy import PortalRequest
from . import files
from .asked import Asked, meant
from .shown import context

EVERYBODY = {"everybody": True, "base": "operator:audit"}


@require_safe
@operator_page
def audit(request: PortalRequest) -> HttpResponse:
    """The log, or the part of the page that changes while somebody narrows it down."""
    asked = Asked.read(request.GET)
    whole = context(asked, meant(asked, everybody=True)) | EVERYBODY
    whole["home"] = reverse("operator:audit")
    if not is_partial(request):
        return show(request, "../audit/everybody", whole)
    response = render(request, "portal/audit/list.html", whole)
    response.headers["HX-Replace-Url"] = reverse("operator:audit") + asked.query.rstrip("?")
    return response


@require_GET
@operator_page
def audit_csv(request: PortalRequest) -> HttpResponseBase:
    """All of it that the list shows, as CSV; times are UTC."""
    return _file(request, "csv")


@require_GET
@operator_page
def audit_xlsx(request: PortalRequest) -> HttpResponseBase:
    """All of it that the list shows, as a spreadsheet of 10,000 entries at most."""
    return _file(request, "xlsx")


def _file(request: PortalRequest, kind: str) -> HttpResponseBase:
    asked = Asked.read(request.GET).whole
    found, back = meant(asked, everybody=True), reverse("operator:audit") + asked.query
    if found.errors:
        words = "Nothing was exported. " + " ".join(found.errors.values())
        return files.refused(request, words, back)
    wanted = files.up_to_now(found.wanted)
    table = report.of_everybody(wanted=wanted)
    if kind == "csv":
        return files.as_csv(table, "audit-log")
    if files.is_too_long(wanted):
        return files.refused(request, files.TOO_MANY, back)
    return files.as_xlsx(table, "audit-log")
