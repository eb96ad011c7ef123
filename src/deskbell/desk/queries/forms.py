"""What receptionists see of forms, and messages that wait until a client calls in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from deskbell.accounts.models import Account
from deskbell.messages.models import Message, MessageStatus
from deskbell.scripts.queries import content_of, script_for
from deskbell.scripts.rules import Content

from ..models import DeskCall, Form


@dataclass(frozen=True, slots=True)
class Shown:
    """A form to show: what it asks, what stands in it, and what its page sends back with it."""

    form_uuid: UUID
    content: Content
    publication_id: int | None
    answers: dict[str, str]
    revision: int


def form_to_fill(desk_call: DeskCall) -> Shown:
    """The form of a call that is not sent yet, else a new one. Three queries at most.

    A new one is not kept before its first saving, and has the same uuid however many pages show it:
    so what two pages save is one form.
    """
    forms = list(forms_of(desk_call))
    for form in forms:
        if form.submitted_at is None:
            return shown_of(form)
    publication = script_for(desk_call.number)
    return Shown(
        uuid5(NAMESPACE_URL, f"deskbell:{desk_call.room}:form:{len(forms)}"),
        content_of(publication),
        publication.pk if publication else None,
        {},
        0,
    )


def shown_of(form: Form) -> Shown:
    """A form that was saved, as it is shown; it stays with its publication."""
    return Shown(
        form.uuid,
        content_of(form.publication),
        form.publication_id,
        dict(form.answers),
        form.revision,
    )


def forms_of(desk_call: DeskCall) -> list[Form]:
    """All forms of a call with their messages, the oldest first."""
    rows = Form.objects.filter(desk_call=desk_call).select_related("publication", "message")
    return list(rows.order_by("pk"))


def check_in_messages(account: Account) -> list[Message]:
    """The messages that are to be read out when somebody of the account calls in, the oldest first;
    those that are read out, or acknowledged otherwise, are not among them."""
    rows = Message.objects.filter(account=account, is_for_check_in=True)
    return list(
        rows.exclude(status=MessageStatus.ACKNOWLEDGED)
        .select_related("call", "did")
        .order_by("created_at", "pk")
    )
