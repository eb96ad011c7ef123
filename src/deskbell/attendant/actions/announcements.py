"""Announcements: text becomes a prompt when it is saved, never while a caller waits.

Source: seed 002, "Announcement"; design, attendant API, "Announcement".
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from deskbell import speech
from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text
from deskbell.platform.changes import touch
from deskbell.platform.jobs import enqueue

from ..errors import SayIncomplete, UnknownLanguage, UnknownType, UnknownVoice
from ..models import Announcement, AnnouncementType
from ..rules import DEFAULT_LANGUAGE, DEFAULT_VOICE
from .changed import sounds_changed
from .held import hold_account, hold_announcement, save_new
from .prompts import keep_audio, keep_prompt
from .uses import check_announcement_unused

MAX_BODY = 5000
MAX_NAME = 200
MAX_DESCRIPTION = 1000


class AnnouncementFields(TypedDict, total=False):
    """What can be changed of an announcement; `type` is say or play."""

    name: str
    description: str
    type: str
    body: str
    language: str
    voice: str


def add_announcement(
    *,
    account: Account,
    name: str,
    at: datetime,
    type: str = AnnouncementType.SAY,  # noqa: A002 the field's name everywhere
    body: str = "",
    language: str = DEFAULT_LANGUAGE,
    voice: str = "",
    description: str = "",
    by: str = "",
    sid: str = "",
) -> Announcement:
    """A new announcement: text to speak, or (play) one whose audio is uploaded next.

    A say announcement needs `body` and `language`, which is whatever `speech.language_tag` takes
    and is kept as given; `voice` is Man, Woman or empty for the default. The job that speaks it
    belongs to the transaction; until then callers hear `body` spoken during their call. Raises
    InvalidInput, UnknownType, SayIncomplete, UnknownLanguage, UnknownVoice.
    """
    made = Announcement(account=account, created_by=by, created_at=at, updated_at=at)
    _set(
        made,
        {
            "name": name,
            "description": description,
            "type": type,
            "body": body,
            "language": language,
            "voice": voice,
        },
    )
    with transaction.atomic():
        hold_account(account.pk)
        save_new(made, sid=sid, prefix="AN")
        _have_spoken(made)
        touch(account.pk)
    return made


def edit_announcement(
    *, announcement: Announcement, at: datetime, **fields: Unpack[AnnouncementFields]
) -> Announcement:
    """Changes the given fields and leaves the others; `announcement` is brought up to date.

    A say announcement whose words, language or voice are others is spoken anew; until then callers
    hear the new words spoken during their call. One that becomes play goes on with the audio it
    has until a file is uploaded, and keeps its words for the way back. Raises as
    `add_announcement` does, and AnnouncementNotFound for one that is gone.
    """
    with transaction.atomic():
        hold_announcement(announcement)
        before = _spoken(announcement)
        _set(announcement, fields)
        announcement.updated_at = at
        changed = _spoken(announcement) != before
        is_said = announcement.type == AnnouncementType.SAY
        if changed and is_said:
            announcement.prompt, announcement.prompt_at = None, None
        announcement.save(update_fields=[*fields, "updated_at", "prompt", "prompt_at"])
        if changed:
            _have_spoken(announcement)
            sounds_changed(announcement.account_id)
        touch(announcement.account_id)
    return announcement


def upload_audio(*, announcement: Announcement, wav: bytes, at: datetime) -> Announcement:
    """Gives an announcement the sound of a WAV file; one that was spoken becomes play.

    Raises BadAudio, AnnouncementNotFound; then nothing is kept.
    Source: seed 002, "Upload Announcement file".
    """
    with transaction.atomic():
        prompt = keep_audio(wav)
        hold_announcement(announcement)
        announcement.type = AnnouncementType.PLAY
        announcement.prompt, announcement.prompt_at = prompt, at
        announcement.updated_at = at
        announcement.save(update_fields=["type", "prompt", "prompt_at", "updated_at"])
        sounds_changed(announcement.account_id)
    return announcement


def delete_announcement(*, announcement: Announcement, at: datetime) -> None:
    """Takes an announcement away that nothing plays; `announcement` keeps its values.

    Raises AnnouncementInMenu where a menu plays it or rings with it, AnnouncementInAction where an
    action, an apology or the emergency switch of a system does; AnnouncementNotFound.
    """
    with transaction.atomic():
        hold_announcement(announcement)
        check_announcement_unused(announcement, at=at)
        Announcement.objects.filter(pk=announcement.pk).delete()
        sounds_changed(announcement.account_id)


def _set(announcement: Announcement, fields: AnnouncementFields) -> None:
    for name, value in fields.items():
        setattr(announcement, name, value)
    announcement.type = str(announcement.type).lower()
    if announcement.type not in AnnouncementType.values:
        raise UnknownType(f"type takes say or play; not {announcement.type!r}", field="type")
    checked_text(announcement.name, field="name", most=MAX_NAME, needed=True)
    checked_text(announcement.description, field="description", most=MAX_DESCRIPTION)
    _check_words(announcement)


def _check_words(announcement: Announcement) -> None:
    body, language, voice = announcement.body, announcement.language, announcement.voice
    if announcement.type == AnnouncementType.SAY:
        for field, value in (("body", body), ("language", language)):
            if not value.strip():
                raise SayIncomplete(f"A say announcement needs {field}", field=field)
        if not any(character.isalnum() for character in body):
            raise InvalidInput("body takes text with a word to speak", field="body")
    checked_text(body, field="body", most=MAX_BODY)
    checked_text(language, field="language", most=40)
    if language:
        try:
            speech.language_tag(language)
        except InvalidInput as error:
            raise UnknownLanguage(str(error), field="language") from error
    if voice and voice.casefold() not in {"man", "woman"}:
        raise UnknownVoice(
            f"voice takes Man or Woman, or nothing for the default; not {voice!r}", field="voice"
        )


def _spoken(announcement: Announcement) -> tuple[str, ...]:
    """What decides the sound of a say announcement; of a play one its type alone."""
    if announcement.type == AnnouncementType.PLAY:
        return (announcement.type,)
    return (announcement.type, announcement.body, announcement.language, announcement.voice)


def _have_spoken(announcement: Announcement) -> None:
    from ..jobs import speak_announcement

    if announcement.type == AnnouncementType.SAY:
        enqueue(
            speak_announcement,
            account_id=announcement.account_id,
            announcement_id=announcement.pk,
        )


def speak(*, announcement: Announcement, at: datetime) -> None:
    """Gives a say announcement its prompt; one that has it, or is no text, stays as it is.

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
        hold_account(announcement.account_id)  # an editor takes the same rows in another order
        prompt = keep_prompt(audio)
        waiting = Announcement.objects.filter(
            pk=announcement.pk, type=AnnouncementType.SAY, prompt=None, **said
        )
        if waiting.update(prompt=prompt, prompt_at=at):
            sounds_changed(announcement.account_id)
            announcement.prompt, announcement.prompt_at = prompt, at
