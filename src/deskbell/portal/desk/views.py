"""The receptionist's desk. Source: design, look, "Desk".

One page for all that a receptionist does: whether they are available, who waits, the call that
rings or is in hand, what is written down of it, and what is known of the account.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .frame import DeskRequest, desk_page


@require_GET
@desk_page
def desk(request: DeskRequest) -> HttpResponse:
    """The page."""
    return render(request, "portal/desk/desk.html", {})


@require_GET
@desk_page
def live(request: DeskRequest) -> HttpResponse:
    """The parts of the page that change; 304 where nothing did since the tag that was sent."""
    return render(request, "portal/desk/live.html", {})
