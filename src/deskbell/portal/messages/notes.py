"""Notes beside a message: whoever sees the message may write one, and remove their own."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotAllowed
from deskbell.messages import actions, queries

from ..acting import doer_of, done_by
from ..pages import is_partial
from ..rights import page_with
from ..tenancy import PortalRequest
from .lists import tag_of
from .panel import after_change, show
from .told import may_remove_all, own_ids

# Enough to see what was sent; nobody types more by hand.
MOST_KEPT = 20_000


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def add_note(request: PortalRequest, message_id: int) -> HttpResponse:
    """Adds a note; one that cannot be kept stays in its field, with what is wrong beside it."""
    found = queries.one(message_id)
    text = request.POST.get("text", "")
    try:
        actions.add_note(
            message=found, text=text, by=done_by(request), user_id=doer_of(request).pk, at=now()
        )
    except InvalidInput as error:
        more = {"note_text": text[:MOST_KEPT], "note_error": str(error)}
        if is_partial(request):
            return after_change(request, found, more | {"new_note_form": True})
        return show(request, found, tag=tag_of(request), more=more, status=422)
    notices.success(request, "The note is added.")
    return after_change(request, found, {"new_note_form": True})


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def remove_note(request: PortalRequest, message_id: int, note_id: int) -> HttpResponse:
    """Removes a note of one's own, or, for administrators and staff, any; twice is no harm."""
    found = queries.one(message_id)
    note = queries.notes_of(found).filter(pk=note_id).first()
    if note is None:
        notices.warning(request, "That note was removed already.")
        return after_change(request, found)
    if note.user_id not in own_ids(request) and not may_remove_all(request):
        raise NotAllowed(f"Only {note.by} or an administrator of the account removes this note.")
    actions.remove_note(note=note, by=done_by(request), at=now())
    notices.success(request, "The note is removed.")
    return after_change(request, found)
