"""Prompts: audio by its content, and what `up` speaks before the first call."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from deskbell import speech
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import system_scope
from deskbell.voice.client import music, ringing

from ..errors import BadAudio
from ..models import Announcement, AnnouncementType, Prompt
from ..models import Sentence as SentenceRow
from ..rules import DEFAULT_LANGUAGE, DEFAULT_VOICE
from ..rules.sentences import MUSIC, RINGING, spoken_ahead
from .changed import all_changed

log = logging.getLogger(__name__)
BYTES_A_SECOND = 8000
MAX_UPLOAD = 20 * 1024 * 1024
_TONES = {MUSIC: music, RINGING: ringing}
UNUSED_FOR = timedelta(days=30)
Progress = Callable[[int, int, str], None]
_FORGET = """
WITH named AS (
    SELECT part->>'audio' AS sha256
    FROM (
        SELECT plan FROM attendant_draft
        UNION ALL SELECT base FROM attendant_draft
        UNION ALL SELECT plan FROM attendant_publication
    ) kept, jsonb_array_elements(kept.plan->'announcements') part
)
DELETE FROM attendant_prompt prompt
WHERE created_at <= %s
AND NOT EXISTS (SELECT FROM attendant_announcement WHERE prompt_id = prompt.sha256)
AND NOT EXISTS (SELECT FROM attendant_sentence WHERE prompt_id = prompt.sha256)
AND NOT EXISTS (SELECT FROM named WHERE named.sha256 = prompt.sha256)
"""


def keep_prompt(audio: bytes) -> Prompt:
    """The prompt with this G.711 µ-law audio; the same audio is kept once, and counts as new."""
    prompt = Prompt(
        sha256=hashlib.sha256(audio).hexdigest(), audio=audio, seconds=len(audio) / BYTES_A_SECOND
    )
    Prompt.objects.bulk_create(
        [prompt], update_conflicts=True, unique_fields=["sha256"], update_fields=["created_at"]
    )
    return prompt


def forget_prompts(*, at: datetime) -> int:
    """Deletes audio that nothing plays, no draft and no publication names, and that is 30 days old.

    Such is left by uploads that were never saved and by texts that were spoken anew. Gives how
    many. Needs a system scope.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [at - UNUSED_FOR])
        return int(cursor.rowcount)


def keep_audio(wav: bytes) -> Prompt:
    """The prompt with the sound of a WAV file, as callers hear it: 8 kHz, mono, µ-law.

    Takes up to MAX_UPLOAD bytes of what `speech.read_wav` takes. Raises BadAudio, in words for
    whoever chose the file, for anything else and for a file in which nothing is to be heard.
    """
    if len(wav) > MAX_UPLOAD:
        raise BadAudio(
            f"The file has {len(wav)} bytes; up to {MAX_UPLOAD} (20 MiB) can be kept", field="file"
        )
    try:
        pcm = speech.read_wav(wav)
    except InvalidInput as error:
        raise BadAudio(str(error), field="file") from error
    if speech.is_silent(pcm):
        raise BadAudio(
            "There is only silence in this file; record it again, and louder", field="file"
        )
    return keep_prompt(speech.to_mulaw(pcm))


def prepare_prompts(progress: Progress, *, now: Callable[[], datetime] = clock.now) -> None:
    """Speaks every standard sentence and every announcement that has no prompt yet.

    Calls `progress(done, total, text)` before each, with how many are done; never where nothing is
    to do. What is done stays done if it is interrupted. Enters a system scope. Raises
    SpeechUnavailable.
    """
    with system_scope("the prompts of all accounts are made before the first call"):
        spoken = SentenceRow.objects.filter(language=DEFAULT_LANGUAGE, voice=DEFAULT_VOICE)
        known = set(spoken.values_list("text", flat=True))
        sentences = [text for text in [*spoken_ahead(), *_TONES] if text not in known]
        waiting = list(Announcement.objects.filter(type=AnnouncementType.SAY, prompt=None))
        total = len(sentences) + len(waiting)
        for done, text in enumerate(sentences):
            progress(done, total, text)
            _speak_sentence(text)
        for done, announcement in enumerate(waiting, start=len(sentences)):
            progress(done, total, announcement.body)
            _speak(announcement, now())


def _speak_sentence(text: str) -> None:
    if text in _TONES:
        audio = _TONES[text]()
    else:
        audio = speech.speak_mulaw(text, language=DEFAULT_LANGUAGE, voice=DEFAULT_VOICE)
    with transaction.atomic():
        SentenceRow.objects.update_or_create(
            text=text,
            language=DEFAULT_LANGUAGE,
            voice=DEFAULT_VOICE,
            defaults={"prompt": keep_prompt(audio)},
        )
        all_changed()


def _speak(announcement: Announcement, at: datetime) -> None:
    from .announcements import speak

    try:
        speak(announcement=announcement, at=at)
    except InvalidInput as error:
        log.warning("%s stays without a prompt: %s", announcement.sid, error)
