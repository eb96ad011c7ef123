"""The job that writes recordings down: a piece at a time, again later where that fails."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from deskbell import speech
from deskbell.platform.jobs import enqueue, job
from deskbell.platform.tenancy import account_scope

from . import transcripts
from .models import Recording, TranscriptState

log = logging.getLogger(__name__)
# After a failure: a service is away, or out of its allowance for the day.
WAITS: Final = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 180, 360, 720))


@job("calls.transcribe", concurrency=1)
def transcribe(account_id: int, sid: str, tries: int = 0) -> None:
    """Writes the next piece of a recording down, and queues the one after it.

    Where that fails it is tried again for a day, then given up.
    """
    with account_scope(account_id):
        piece = transcripts.next_piece(sid)
        if piece is None:
            return
        try:
            words = transcripts.hear(piece)
        except speech.SpeechUnavailable as error:
            _later(piece, tries, str(error))
            return
        if transcripts.keep(piece, words) and not piece.is_last:
            ask_for(piece.recording, starts=piece.ends)
            return
    speech.rest()


def ask_for(recording: Recording, *, starts: float = 0) -> None:
    """Queues the piece of a recording that starts there; asked twice it queues one."""
    enqueue(
        transcribe,
        key=f"calls.transcribe.{recording.sid}.{starts}",
        account_id=recording.account_id,
        sid=recording.sid,
    )


def _later(piece: transcripts.Piece, tries: int, reason: str) -> None:
    found = piece.recording
    if tries >= len(WAITS):
        log.error("Recording %s is not written down: %s", found.sid, reason)
        transcripts.end(found, TranscriptState.FAILED)
        return
    log.warning("Recording %s is written down later: %s", found.sid, reason)
    enqueue(
        transcribe,
        after=WAITS[tries],
        key=f"calls.transcribe.{found.sid}.{piece.starts}.{tries + 1}",
        account_id=found.account_id,
        sid=found.sid,
        tries=tries + 1,
    )
