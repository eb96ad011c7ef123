"""Having a message go on before its time: passing it on, and sending it again from a level.

Whoever can see a message may do both, as with acknowledging: it is how the person who took the
call, or a receptionist, says "not me, the next one". Nothing of the calendar changes by it.
"""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.messages import queries
from deskbell.oncall import actions
from deskbell.oncall.queries import level

from ..acting import done_by
from ..oncall.frame import read_id
from ..rights import page_with
from ..tenancy import PortalRequest
from .views import after_action, answerer


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def pass_on(request: PortalRequest, message_id: int) -> HttpResponse:
    """Has a message go on to the next level at once."""
    found = queries.one(message_id)
    words = actions.pass_on(message_id=found.pk, at=now(), **answerer(request))
    if words:
        notices.success(request, words)
    else:
        notices.warning(request, _why_not(message_id))
    return after_action(request, found)


def _why_not(message_id: int) -> str:
    found = queries.one(message_id)
    if not found.is_open:
        return f"{found.acknowledged_by or 'Somebody'} acknowledged it; nobody else is called."
    return "No level follows, so it stays where it is. Send it again to another level instead."


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def send_to(request: PortalRequest, message_id: int) -> HttpResponse:
    """Has a message start again at the level that is chosen."""
    found = queries.one(message_id)
    chosen = read_id(request.POST.get("level"))
    if chosen is None:
        notices.warning(request, "Choose the level to send it to.")
        return after_action(request, found)
    to = level(chosen)
    try:
        actions.send_to(message_id=found.pk, level=to, at=now(), by=done_by(request))
    except (Conflict, InvalidInput) as error:
        notices.warning(request, str(error))
    else:
        notices.success(request, f"Message {found.pk} starts again at {to.name}.")
    return after_action(request, found)
