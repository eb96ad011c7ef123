"""Changing the account that one works in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deskbell.foundation.errors import NotFound

from .oncall.frame import read_id
from .pages import page
from .tenancy import switch_account


@require_POST
@page
def switch(request: HttpRequest) -> HttpResponse:
    """Works in the account whose id is posted, and shows its dashboard. Writes the session."""
    chosen = read_id(request.POST.get("account", ""))
    if chosen is None:
        raise NotFound("No such account")
    switch_account(request, chosen)
    return redirect("dashboard")
