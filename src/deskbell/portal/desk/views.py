"""The receptionist's desk. Source: design, look, "Desk".

One page for all that a receptionist does: whether they are available, who waits, the call that
rings or is in hand, what is written down of it, and what is known of the account.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from deskbell.desk import actions
from deskbell.foundation.clock import now

from .frame import DeskRequest, desk_page
from .hands import act
from .keys import KEYS
from .regions import after_action, page_context, polled


@require_safe
@desk_page
def desk(request: DeskRequest) -> HttpResponse:
    """The page."""
    actions.seen(receptionist=request.receptionist, at=now())
    return render(request, "portal/desk/desk.html", page_context(request) | {"keys": KEYS})


@require_safe
@desk_page
def live(request: DeskRequest) -> HttpResponse:
    """The parts of the page that change; 304 where nothing did since the tag that was sent."""
    actions.seen(receptionist=request.receptionist, at=now())
    return polled(request)


@require_safe
@desk_page
def keys(request: DeskRequest) -> HttpResponse:
    """The keys, as a page of its own for who has no script."""
    return render(request, "portal/desk/keys_page.html", {"keys": KEYS})


@require_POST
@desk_page
def go_available(request: DeskRequest) -> HttpResponseBase:
    """Lets calls ring from now on."""
    own = request.receptionist
    act(request, None, lambda: actions.go_available(receptionist=own, at=now()))
    return after_action(request)


@require_POST
@desk_page
def go_away(request: DeskRequest) -> HttpResponseBase:
    """Lets no more calls ring; what is in hand is finished first."""
    own = request.receptionist
    act(request, None, lambda: actions.go_away(receptionist=own, at=now()))
    return after_action(request)
