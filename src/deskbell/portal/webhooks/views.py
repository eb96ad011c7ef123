"""The pages of webhooks: all of them, one with what it was told, and one thing that it was told.

Source: design, portal API, "Messages" (Webhooks).
"""

from __future__ import annotations

import hashlib
import inspect
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from deskbell.webhooks import checking, queries

from ..pages import page
from ..tenancy import PortalRequest
from . import secrets
from .frame import editing_page, show
from .shown import Asked, every, filters, line_of, listing, pretty, standing

# From its imports on: what stands before speaks to whoever reads our code.
CODE = "".join(inspect.getsource(checking).partition("import hashlib")[1:]).strip()


@require_GET
@page
def webhooks(request: PortalRequest) -> HttpResponse:
    """Every webhook of the account, and how its last attempt went."""
    found = every()
    stopped = [each for each in found if each.webhook.paused_because]
    return show(request, "webhooks", {"webhooks": found, "stopped": stopped})


@require_GET
@page
def webhook(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """One webhook, with what it was told lately."""
    return show(request, "webhook", {**_live(request, webhook_id), "code": CODE})


@require_GET
@page
def live(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """The parts of a webhook's page that change; 304 where nothing did."""
    context = _live(request, webhook_id)
    if request.headers.get("If-None-Match") == context["tag"]:
        response = HttpResponse(status=304)
    else:
        response = show(request, "live", context)
    response.headers["ETag"] = context["tag"]
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _live(request: PortalRequest, webhook_id: int) -> dict[str, Any]:
    found = queries.one(webhook_id)
    asked = Asked.read(request.GET)
    shown, listed = standing(found, queries.waiting().get(found.pk, 0)), listing(found, asked)
    told: list[object] = [
        found.updated_at,
        found.last_attempt_at,
        found.is_paused,
        shown.waiting,
        listed.total,
    ]
    told += [
        (each.notice.pk, each.notice.state, each.notice.tries, each.notice.next_try_at)
        for each in listed.rows
    ]
    return {
        "webhook": found,
        "standing": shown,
        "list": listed,
        "filters": filters(asked),
        "tag": f'"{hashlib.sha256(repr((told, asked)).encode()).hexdigest()[:24]}"',
    }


@require_GET
@page
def notice(request: PortalRequest, webhook_id: int, notice_id: UUID) -> HttpResponse:
    """One thing that a webhook was told: what was sent, and every attempt."""
    found = queries.notice(queries.one(webhook_id), notice_id)
    body, is_cut = pretty(found.body)
    context = {
        "webhook": found.subscription,
        "line": line_of(found),
        "attempts": list(found.attempts.all())[::-1],
        "body": body,
        "is_cut": is_cut,
    }
    return show(request, "notice", context)


@require_GET
@editing_page
def secret(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """The secret that was just made, once; then it is gone."""
    found = queries.one(webhook_id)
    kept = secrets.take(request, found)
    if not kept:
        return redirect("webhooks:webhook", found.pk)
    return show(request, "secret", {"webhook": found, "secret": kept, "code": CODE})
