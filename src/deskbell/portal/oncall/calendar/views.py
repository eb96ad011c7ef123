"""The on-call page: the levels in their order, who is on call, and how a message climbs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.foundation.clock import now

from ...duty import on_call_now
from ...pages import page
from ...tenancy import PortalRequest


@require_GET
@page
def overview(request: PortalRequest) -> HttpResponse:
    """The account's escalation levels, to look at."""
    context = {"levels": on_call_now(request.account.pk, now())}
    return render(request, "portal/oncall/calendar/calendar.html", context)
