"""Taking an acknowledgement back: a notice with an Undo button, and what the button does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict
from deskbell.messages import actions
from deskbell.messages.models import Message

from ..acting import doer_of, done_by
from ..pages import is_partial
from ..rights import page_with
from ..tenancy import PortalRequest

MOST_AT_ONCE: Final = 500
# Live parts ask at once when they hear this.
CHANGED: Final = json.dumps({"messages-changed": {"target": "body"}})
_UNDO: Final = "undo-"


def say_acknowledged(request: PortalRequest, text: str, done: Sequence[Message]) -> None:
    """A notice with a button that undoes it."""
    notices.success(request, text, extra_tags=_UNDO + ".".join(str(each.pk) for each in done))


def undone_by(tags: str) -> str:
    """The ids that a notice's button would undo, as its form sends them; "" for other notices."""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def undo(request: PortalRequest) -> HttpResponse:
    """Takes back what the person acknowledged a moment ago; says why where that is too late."""
    wanted = [int(text) for text in request.POST.get("ids", "").split(".") if _is_id(text)]
    found = list(Message.objects.filter(pk__in=wanted[:MOST_AT_ONCE]).order_by("pk"))
    done, refused = [], ""
    for each in found:
        try:
            actions.undo_acknowledgement(
                message=each, by=done_by(request), user_id=doer_of(request).pk, at=now()
            )
        except Conflict as error:
            refused = str(error)
        else:
            done.append(each)
    _say(request, done, refused)
    if not is_partial(request):
        return redirect(_back(request))
    response = render(request, "portal/parts/notices.html")
    response.headers["HX-Trigger"] = CHANGED
    return response


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18


def _say(request: PortalRequest, done: Sequence[Message], refused: str) -> None:
    if len(done) == 1:
        notices.success(request, f"Message {done[0].pk} waits for an acknowledgement again.")
    elif done:
        notices.success(request, f"{len(done)} messages wait for an acknowledgement again.")
    if refused or not done:
        notices.warning(request, refused or "There is nothing to undo.")


def _back(request: PortalRequest) -> str:
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("messages")
