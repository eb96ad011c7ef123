"""The dashboard's page."""

from __future__ import annotations

import calendar

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.foundation.clock import now
from deskbell.messages.queries import counts
from deskbell.webhooks.queries import paused_by_itself

from ..attendant.frame import may_edit
from ..duty import on_call_now
from ..pages import page
from ..tenancy import PortalRequest
from .chart import chart_of
from .figures import usage_to_date, waiting


@require_GET
@page
def dashboard(request: PortalRequest) -> HttpResponse:
    """The four widgets, usage, who is on call, and what waits."""
    at = now()
    usage = usage_to_date(request.account, at)
    days = calendar.monthrange(usage.first.year, usage.first.month)[1]
    counted = counts()
    context = {
        "counts": counted,
        "new_messages": counted.new,
        "usage": usage,
        "chart": chart_of(usage, days),
        "last_login": request.user.previous_login,
        "levels": on_call_now(request.account.pk, at),
        "waiting": waiting(at),
        "stopped_webhooks": paused_by_itself(),
        "may_edit": may_edit(request),
    }
    return render(request, "portal/dashboard/dashboard.html", context)
