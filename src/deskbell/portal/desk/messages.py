"""Messages at the desk: read out to a client who calls in, and notes beside those just taken."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from deskbell.desk.actions.forms import hand_over
from deskbell.desk.models import DeskCall, Form
from deskbell.desk.queries.forms import check_in_messages
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.messages.actions import add_note
from deskbell.messages.models import Message

from .frame import DeskRequest, desk_page
from .hands import act, own_call
from .regions import after_action


@require_POST
@desk_page
def read_out(request: DeskRequest, call_id: int, message_id: int) -> HttpResponseBase:
    """A message was read out to the client who called in: they have it."""
    desk_call = own_call(request, call_id)
    message = _for_check_in(desk_call, message_id)
    act(
        request,
        desk_call.account_id,
        lambda: hand_over(
            message=message,
            receptionist=request.receptionist,
            to=request.POST.get("to", "").replace("\0", ""),
            at=now(),
        ),
        f"Message {message.pk} is handed over.",
    )
    return after_action(request)


def _for_check_in(desk_call: DeskCall, message_id: int) -> Message:
    found = (each for each in check_in_messages(desk_call.account) if each.pk == message_id)
    message = next(found, None)
    if message is None:
        raise NotFound("That message was read out already, or is none of this account's.")
    return message


@require_POST
@desk_page
def note(request: DeskRequest, call_id: int, message_id: int) -> HttpResponseBase:
    """Writes a note beside a message that this call brought."""
    desk_call = own_call(request, call_id)
    form = Form.objects.select_related("message").filter(desk_call=desk_call, message_id=message_id)
    found = form.first()
    if found is None or found.message is None:
        raise NotFound("This call brought no such message.")
    message = found.message
    act(
        request,
        desk_call.account_id,
        lambda: add_note(
            message=message,
            text=request.POST.get("text", ""),
            by=str(request.user),
            user_id=request.user.pk,
            at=now(),
        ),
        "The note is added.",
    )
    return after_action(request)
