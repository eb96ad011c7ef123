"""The page of Usage Details, for everybody in the account. Source: seed 000, "Reports"."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deskbell.foundation.clock import now

from ...pages import page
from ...tenancy import PortalRequest
from .asked import Asked
from .shown import context


@require_safe
@page
def usage(request: PortalRequest) -> HttpResponse:
    """What the account used on days of its own zone: in sums, by day, and by what is asked for.

    Filters that are wrong are told beside their field, and narrow nothing.
    """
    account = request.account
    today = now().astimezone(ZoneInfo(account.time_zone)).date()
    found = context(account, Asked.read(request.GET), today)
    return render(request, "portal/reports/usage/usage.html", found)
