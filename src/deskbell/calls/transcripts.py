"""What is said in recordings, in words: written piece by piece as it becomes known.

How far a transcript has come is `heard_seconds`. Each piece is added only where the one before it
was the last, so that two jobs that heard the same piece write it once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from deskbell import speech
from deskbell.foundation.errors import DeskbellError
from deskbell.platform.changes import touch

from .models import Recording, TranscriptState

OFF: Final = "off"
_BYTES_A_SECOND: Final = 16_000


@dataclass(frozen=True, slots=True)
class Piece:
    """The next part of a recording to be written down: PCM16, and where it lies, in seconds."""

    recording: Recording
    pcm: bytes
    starts: float
    ends: float
    is_last: bool


def are_on() -> bool:
    """Whether recordings are written down here (DESKBELL_TRANSCRIPTS)."""
    return bool(settings.ENVIRONMENT.transcripts != OFF)


def next_piece(sid: str) -> Piece | None:
    """What is to be written down next of a recording that waits for it; None where nothing is.

    Reads its audio. Where that cannot be read, it is given up.
    """
    found = Recording.objects.filter(sid=sid, transcript_state=TranscriptState.WAITING).first()
    if found is None or not found.audio:
        return None
    if not are_on():
        end(found, TranscriptState.DONE if found.transcript else TranscriptState.NONE)
        return None
    try:
        with found.audio.open("rb") as file:
            pcm = speech.read_wav(file.read())
    except (OSError, DeskbellError):
        end(found, TranscriptState.FAILED)
        return None
    rest = pcm[2 * round(found.heard_seconds * _BYTES_A_SECOND / 2) :]
    size = speech.first_piece(rest)
    ends = found.heard_seconds + size / _BYTES_A_SECOND
    return Piece(found, rest[:size], found.heard_seconds, ends, is_last=size == len(rest))


def hear(piece: Piece) -> str:
    """The piece's words. Blocks, in no transaction. Raises SpeechUnavailable."""
    return speech.transcribe(piece.pcm, way=speech.Way(settings.ENVIRONMENT.transcripts))


def keep(piece: Piece, words: str) -> bool:
    """Adds a piece's words; False where another did, or the recording was removed meanwhile."""
    state = TranscriptState.DONE if piece.is_last else TranscriptState.WAITING
    gap = " " if words and piece.recording.transcript else ""
    with transaction.atomic():
        kept = Recording.objects.filter(
            pk=piece.recording.pk,
            transcript_state=TranscriptState.WAITING,
            heard_seconds=piece.starts,
            removed_at=None,
        ).update(
            transcript=Concat(F("transcript"), Value(gap + words.replace("\0", ""))),
            heard_seconds=piece.ends,
            transcript_state=state,
        )
        if kept:
            touch(piece.recording.account_id)
    return bool(kept)


def end(recording: Recording, state: TranscriptState) -> None:
    """Writes that a recording waits no more; what was written of it stays."""
    rows = Recording.objects.filter(pk=recording.pk, transcript_state=TranscriptState.WAITING)
    with transaction.atomic():
        if rows.update(transcript_state=state):
            touch(recording.account_id)
