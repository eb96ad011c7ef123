"""Announcements: text becomes a prompt when it is saved, never while a caller waits."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell import speech
from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch
from deskbell.platform.jobs import enqueue

from ..models import Announcement, AnnouncementType
from ..rules import DEFAULT_LANGUAGE, DEFAULT_VOICE
from .changed import sounds_changed
from .prompts import keep_prompt

MAX_BODY = 5000


def add_announcement(
    *,
    account: Account,
    name: str,
    body: str,
    at: datetime,
    language: str = DEFAULT_LANGUAGE,
    voice: str = DEFAULT_VOICE,
    description: str = "",
    by: str = "",
) -> Announcement:
    """A new spoken announcement; a job that speaks it belongs to the transaction.

    `language` is whatever `speech.language_tag` takes and is kept as given, `voice` Man or Woman.
    Until it is spoken, callers hear `body` spoken during their call. Raises InvalidInput.
    """
    from ..jobs import speak_announcement

    _check(name, body, description)
    _check_speaker(language, voice)
    announcement = Announcement(
        account=account,
        name=name,
        description=description,
        type=AnnouncementType.SAY,
        body=body,
        language=language,
        voice=voice,
        created_by=by,
        created_at=at,
        updated_at=at,
    )
    with transaction.atomic():
        announcement.save()
        enqueue(speak_announcement, account_id=account.pk, announcement_id=announcement.pk)
        touch(account.pk)
    return announcement


def _check(name: str, body: str, description: str) -> None:
    if not name.strip():
        raise InvalidInput("An announcement needs a name", field="name")
    if not any(character.isalnum() for character in body) or len(body) > MAX_BODY:
        raise InvalidInput(
            f"body takes text with a word to speak, up to {MAX_BODY} characters", field="body"
        )
    if "\x00" in name + body + description:
        raise InvalidInput("Text without NUL characters can be kept", field="body")


def _check_speaker(language: str, voice: str) -> None:
    speech.language_tag(language)
    if voice.casefold() not in {"man", "woman"}:
        raise InvalidInput(f"voice takes Man or Woman; not {voice!r}", field="voice")


def speak(*, announcement: Announcement) -> None:
    """Gives a spoken announcement its prompt; one that has it, or is no text, stays as it is.

    Speaks outside any transaction. What was edited meanwhile keeps waiting for its own job. Raises
    SpeechUnavailable, and InvalidInput for text without a word in it.
    """
    if announcement.prompt_id or announcement.type != AnnouncementType.SAY:
        return
    said = {
        "body": announcement.body,
        "language": announcement.language,
        "voice": announcement.voice,
    }
    audio = speech.speak_mulaw(
        said["body"],
        language=said["language"] or DEFAULT_LANGUAGE,
        voice=said["voice"] or DEFAULT_VOICE,
    )
    with transaction.atomic():
        prompt = keep_prompt(audio)
        waiting = Announcement.objects.filter(pk=announcement.pk, prompt=None, **said)
        if waiting.update(prompt=prompt):
            sounds_changed(announcement.account_id)
    announcement.prompt = prompt
