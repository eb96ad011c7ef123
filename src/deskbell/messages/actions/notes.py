"""What people write beside a message."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput, NotFound

from ..models import ActivityKind, Message, Note
from .telling import add_activity

MOST_NOTES = 200
MAX_NOTE = 10_000


def add_note(
    *, message: Message, text: str, by: str, at: datetime, user_id: int | None = None
) -> Note:
    """Writes a note beside a message; `Message.note` is then all of them, newline between.

    `by` is who, in words, and `user_id` which of our users. Raises NotFound, and InvalidInput
    (`text`) for an empty or too long one, or too many.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise InvalidInput("Write something into the note", field="text")
    if len(text) > MAX_NOTE:
        raise InvalidInput(f"A note has up to {MAX_NOTE:,} characters", field="text")
    with transaction.atomic():
        _lock(message)
        if Note.objects.filter(message=message).count() >= MOST_NOTES:
            raise InvalidInput(
                f"A message has up to {MOST_NOTES} notes; remove one first", field="text"
            )
        note = Note.objects.create(
            account_id=message.account_id,
            message=message,
            at=at,
            by=by[:254],
            user_id=user_id,
            text=text,
        )
        _bring_up_to_date(message)
        add_activity(
            message=message, kind=ActivityKind.NOTE, text=f"Note added by {by}", at=at, by=by
        )
    return note


def remove_note(*, note: Note, by: str, at: datetime) -> None:
    """Takes a note away; who did is written down. The second time nothing happens."""
    with transaction.atomic():
        message = note.message
        _lock(message)
        if not Note.objects.filter(pk=note.pk).delete()[0]:
            return
        _bring_up_to_date(message)
        text = f"Note of {note.by} removed by {by}"
        add_activity(message=message, kind=ActivityKind.NOTE, text=text, at=at, by=by)


def _lock(message: Message) -> None:
    if not Message.objects.select_for_update(no_key=True).filter(pk=message.pk).exists():
        raise NotFound("No such message")


def _bring_up_to_date(message: Message) -> None:
    texts = Note.objects.filter(message=message).order_by("at", "id").values_list("text", flat=True)
    message.note = "\n".join(texts)
    Message.objects.filter(pk=message.pk).update(note=message.note)
