"""Recordings and their audio are kept and removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from deskbell import speech
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.changes import touch

from .. import pieces, transcripts, waveforms
from ..errors import OtherAudio, SidTaken, TooLarge
from ..listening import ask_for
from ..models import Call, Recording, TranscriptState

MAX_AUDIO_BYTES = 64 * 1024 * 1024  # an hour and ten minutes
_BYTES_A_SECOND = 16_000


def keep_recording(
    *,
    sid: str,
    call_sid: str,
    wav: bytes | None,
    seconds: float,
    at: datetime,
    is_over: bool = False,
) -> Recording:
    """Keeps a recording: its row, and its audio where `wav` has it, in whichever order they come.

    `seconds` is what the gateway says; the audio's own length wins. It began at `at`; where it
    `is_over` then, a talk with a receptionist began as much earlier. The same audio again changes
    nothing. Writes a file to the storage, outside any transaction of its own. Raises NotFound for
    an unknown call, SidTaken, OtherAudio, TooLarge above 64 MiB, InvalidInput for anything but a
    whole WAV file with sound.
    """
    call = Call.objects.filter(sid=call_sid).first()
    if call is None:
        raise NotFound(f"There is no call {call_sid}")
    fresh = Recording(
        account_id=call.account_id, sid=sid, call=call, seconds=max(0.0, seconds), started_at=at
    )
    if wav is None:
        return _keep(fresh)
    fresh.seconds = _seconds_of(wav)
    if is_over and call.agent_answered_at is not None:
        fresh.started_at = max(call.agent_answered_at, at - timedelta(seconds=fresh.seconds))
    fresh.sha256 = hashlib.sha256(wav).hexdigest()
    fresh.audio.save(f"{sid}.wav", ContentFile(wav), save=False)
    used = ""
    try:
        kept = _keep(fresh)
        used = kept.audio.name or ""
    finally:
        if used != fresh.audio.name:
            fresh.audio.delete(save=False)
    return kept


def keep_piece(
    *, sid: str, call_sid: str, offset: int, size: int, piece: bytes, at: datetime
) -> int:
    """Keeps the next piece of a recording of `size` bytes; how many bytes are here from now on.

    A piece that does not begin at `received(sid)` changes nothing. The last one makes the recording
    whole. Writes files. Raises TooLarge, and with the last piece all that `keep_recording` does.
    """
    if size > MAX_AUDIO_BYTES:
        raise TooLarge(f"The recording has {size} bytes; at most {MAX_AUDIO_BYTES} are kept")
    has = pieces.received(sid)
    end = offset + len(piece)
    if offset != has or not piece or end > size:
        return has
    if end < size:
        pieces.add(sid, offset, piece)
        return end
    wav = pieces.content(sid) + piece
    try:
        keep_recording(sid=sid, call_sid=call_sid, wav=wav, seconds=0, at=at, is_over=True)
    except (InvalidInput, OtherAudio, SidTaken):
        pieces.forget(sid)  # they would make nothing better the next time
        raise
    pieces.forget(sid)
    return end


def forget_pieces(*, at: datetime) -> int:
    """Removes pieces of recordings that were not completed in a week; of how many recordings."""
    return pieces.forget_old(at)


def _keep(fresh: Recording) -> Recording:
    """The recording's row, made or completed with what `fresh` has."""
    with transaction.atomic():
        Recording.objects.bulk_create([fresh], ignore_conflicts=True)
        rows = Recording.objects.select_for_update(of=("self",))
        found = rows.filter(sid=fresh.sid, call=fresh.call).first()
        if found is None:
            raise SidTaken(fresh.sid)
        if not fresh.sha256 or found.removed_at is not None:
            return found
        if found.sha256 not in {"", fresh.sha256}:
            raise OtherAudio(fresh.sid)
        if not found.sha256:
            found.sha256, found.seconds = fresh.sha256, fresh.seconds
            found.audio = fresh.audio.name
            found.save(update_fields=["sha256", "seconds", "audio"])
        if transcripts.are_on() and found.transcript_state == TranscriptState.NONE:
            found.transcript_state = TranscriptState.WAITING
            found.save(update_fields=["transcript_state"])
            ask_for(found)
        touch(found.account_id)
    return found


def _seconds_of(wav: bytes) -> float:
    if len(wav) > MAX_AUDIO_BYTES:
        raise TooLarge(f"The recording has {len(wav)} bytes; at most {MAX_AUDIO_BYTES} are kept")
    if not wav:
        raise InvalidInput("The body is empty; a WAV file is expected")
    return len(speech.read_wav(wav)) / _BYTES_A_SECOND


def remove_audio(*, recordings: Iterable[Recording], at: datetime) -> int:
    """Removes audio, pieces, picture and transcript of recordings; gives of how many.

    The rows stay, with when. What was removed before is passed over. Deletes files: the audio is
    gone even where the open transaction is undone.
    """
    wanted = [each.pk for each in recordings]
    with transaction.atomic():
        rows = Recording.objects.select_for_update(of=("self",)).order_by("pk")
        found = list(rows.filter(pk__in=wanted, removed_at=None))
        waveforms.forget(found)
        for each in found:
            pieces.forget(each.sid)
            if each.audio:
                each.audio.storage.delete(str(each.audio.name))
        Recording.objects.filter(pk__in=[each.pk for each in found]).update(
            audio="",
            transcript="",
            transcript_state=TranscriptState.NONE,
            heard_seconds=0,
            removed_at=at,
        )
        for account_id in sorted({each.account_id for each in found}):
            touch(account_id)
    return len(found)
