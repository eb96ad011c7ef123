"""A message's panel, beside the list or as a page of its own, and the part of it that lives.

While it is open it asks every two seconds. It says in its question what it shows of the recording
and the notes, so that these come anew only where they changed: a player that plays, or a question
that is open, is not taken from under somebody's hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deskbell.foundation.clock import now
from deskbell.messages import actions, queries
from deskbell.messages.models import Message

from ..acting import acting_operator, doer_of
from ..pages import is_partial, page
from ..tenancy import PortalRequest
from .lists import may, tag_of
from .proof import live_context
from .told import notes_context, sound_context, told_context

# What a page says it shows, each by a word for its state: only what changed comes anew.
SHOWN: Final = ("sound", "transcript", "notes")


@require_GET
@page
def message(request: PortalRequest, message_id: int) -> HttpResponse:
    """One message: as a panel beside the list, or a page of its own. Marks it as read.

    With `all` in the query, every text is there whole, however long it is.
    """
    tag = tag_of(request)
    found = queries.one(message_id)
    is_theirs = not request.user.is_staff_member and acting_operator(request) is None
    if is_theirs and not found.read:
        actions.mark_read(message=found, by=str(request.user), at=now())
    return show(request, found, tag=tag)


def show(
    request: PortalRequest,
    found: Message,
    *,
    tag: str,
    more: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """All of a message, with what a view has to say of it (`more`)."""
    whole = "all" in request.GET
    context = told_context(found, whole=whole) | _live(request, found, tag=tag)
    name = "panel" if is_partial(request) else "page"
    template = f"portal/messages/{name}.html"
    return render(request, template, context | dict(more or {}), status=status)


@require_GET
@page
def message_live(request: PortalRequest, message_id: int) -> HttpResponse:
    """The parts of a message's panel that change; 304 where nothing did since the tag was made."""
    tag = tag_of(request)
    if request.headers.get("If-None-Match") == tag and not _undo_is_over(request):
        return _tagged(HttpResponse(status=304), tag)
    context = _live(request, queries.one(message_id), tag=tag)
    changed = {
        f"new_{name}": context[f"{name}_state"] != request.GET.get(name, "") for name in SHOWN
    }
    context |= {"is_answer": True, **changed}
    return _tagged(render(request, "portal/messages/panel_live.html", context), tag)


def after_change(
    request: PortalRequest, about: Message, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """What a form of the panel brings back: the parts that live, with notices; without a script,
    the message's page."""
    if not is_partial(request):
        return redirect("messages:message", about.pk)
    context = _live(request, queries.one(about.pk), tag=tag_of(request))
    context |= {"is_answer": True, "notify": True, "new_notes": True, **(more or {})}
    return render(request, "portal/messages/panel_live.html", context)


def _live(request: PortalRequest, found: Message, *, tag: str) -> dict[str, Any]:
    whole = "all" in request.GET
    context = live_context(found, doer_of(request), at=now()) | may(request)
    context |= sound_context(request, found, whole=whole)
    context |= notes_context(request, found, whole=whole)
    shown = {name: context[f"{name}_state"] for name in SHOWN}
    if context["undo_until"]:
        shown["undo"] = str(context["undo_until"])
    if whole:
        shown["all"] = "1"
    address = reverse("messages:message_live", args=[found.pk])
    return context | {"tag": tag, "live_url": f"{address}?{urlencode(shown)}"}


def _undo_is_over(request: PortalRequest) -> bool:
    """Whether the page still offers to undo what nobody can undo any more."""
    until = request.GET.get("undo", "")
    return until.isdecimal() and len(until) < 12 and now().timestamp() >= int(until)


def _tagged(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
