"""The calendar's page, and the part of it that keeps itself up to date.

Source: seed 000, "Oncall Calendar", "View Escalation Levels"; design, look and feel.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.foundation.clock import now

from ...tenancy import PortalRequest
from ..frame import oncall_page, render_page
from .page import asked_of, contacts_context, live_context, tag_of


@require_GET
@oncall_page
def overview(request: PortalRequest) -> HttpResponse:
    """Who is on call now, the contacts, and a month, week, day or all levels of the calendar."""
    context = live_context(request, asked_of(request)) | contacts_context(request)
    return render_page(request, "portal/oncall/calendar/calendar.html", context)


@require_GET
@oncall_page
def live(request: PortalRequest) -> HttpResponse:
    """What changes by itself; 304 where nothing did and the minute is the same."""
    tag = tag_of(request, now())
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        context = live_context(request, asked_of(request))
        response = render(request, "portal/oncall/calendar/live.html", context)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
