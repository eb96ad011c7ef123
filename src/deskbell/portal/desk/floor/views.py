"""The floor, as a supervisor sees it: who waits, who is on what, how soon calls are answered.

Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from deskbell.accounts.models import Account
from deskbell.desk import queries
from deskbell.foundation.clock import now

from ...attendant.listing import as_csv
from ...operator.frame import operator_page
from ...tenancy import PortalRequest
from ..settings.frame import tabs
from .shown import CSV, Asked, everything, listing, show, spans_of

_SECONDS_OF_A_PICTURE = 5
_MOST_WAITING = 50


@require_GET
@operator_page
def floor(request: PortalRequest) -> HttpResponse:
    """The floor now, and the calls that receptionists had, the newest first."""
    asked = Asked.read(request.GET)
    if request.GET.get("format") == "csv":
        return as_csv(everything(asked), CSV, "desk-calls")
    context = _now(asked, now()) | {"list": listing(asked, now()), "tabs": tabs(request)}
    context["accounts"] = Account.objects.order_by("name")
    return show(request, "floor", context)


@require_GET
@operator_page
def live(request: PortalRequest) -> HttpResponse:
    """The part of the floor that changes; 304 where nothing did."""
    at, asked = now(), Asked.read(request.GET)
    tag = _tag(at)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = show(request, "live", _now(asked, at))
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _now(asked: Asked, at: datetime) -> dict[str, Any]:
    account_id = asked.account or None
    waiting = queries.queue(_MOST_WAITING, account_id)
    return {
        "asked": asked,
        "at": at,
        "tag": _tag(at),
        "waiting": waiting.first,
        "waiting_count": waiting.count,
        "more_waiting": waiting.count - len(waiting.first),
        "people": queries.floor(),
        "spans": spans_of(at, account_id),
    }


def _tag(at: datetime) -> str:
    """Another every few seconds, since waiting times and the day's figures go on by themselves."""
    return f'"{queries.floor_version()}-{int(at.timestamp()) // _SECONDS_OF_A_PICTURE}"'
