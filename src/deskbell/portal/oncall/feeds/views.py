"""Calendars for other programs: links, and importing theirs."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from ...tenancy import PortalRequest
from ..frame import oncall_page, render_page


@require_GET
@oncall_page
def feeds(request: PortalRequest) -> HttpResponse:
    """Every link."""
    return render_page(request, "portal/oncall/feeds/feeds.html", {})
