"""The audio files of announcements: they come as WAV, and go as callers hear them.

Source: seed 002, "Upload Announcement file" and `fileUri`.
"""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpResponse
from ninja import File, Router, UploadedFile

from deskbell import speech
from deskbell.attendant import actions
from deskbell.attendant.errors import AnnouncementNotFound
from deskbell.attendant.models import Announcement
from deskbell.attendant.queries import prompt_audio
from deskbell.foundation import clock

from .announcements import AnnouncementRecord, announcement_record, file_uri
from .answers import answer_of, declared, shown
from .auth import ANY_ROLE, CallerRequest

router = Router(tags=["Announcements"])
_NAME: Final = re.compile(r"(\w+)_\d+\.wav", re.ASCII)


@router.post(
    "/file/announcement/{sid}",
    auth=ANY_ROLE,
    summary="Upload an announcement's file",
    **declared(answer_of(AnnouncementRecord), 400, 413, 415, 453, 500, 504),
)
def upload_file(request: CallerRequest, sid: str, file: File[UploadedFile]) -> HttpResponse:
    """Gives an announcement the sound of a WAV file, sent as multipart/form-data.

    PCM of 8 to 32 bits, float, µ-law and A-law of any common rate are taken, with any number of
    channels. Callers hear it at 8 kHz, mono.
    """
    with request.auth.opened(Announcement, sid, AnnouncementNotFound) as found:
        made = actions.upload_audio(announcement=found, wav=file.read(), at=clock.now())
        return shown(announcement_record(made))


@router.get(
    "/announcement/file/{name}",
    auth=ANY_ROLE,
    summary="Get an announcement's file",
    **declared(None, 500),
)
def get_file(request: CallerRequest, name: str) -> HttpResponse:
    """The WAV file at a fileUri, as callers hear it. A name of before a change leads nowhere."""
    parts = _NAME.fullmatch(name)
    sid = parts[1] if parts else name
    with request.auth.opened(Announcement, sid, AnnouncementNotFound) as found:
        audio = prompt_audio(found.prompt_id or "")
        if audio is None or not str(file_uri(found)).endswith(f"/{name}"):
            raise AnnouncementNotFound("There is no such file", sid=sid)
    answer = HttpResponse(speech.write_wav(speech.from_mulaw(audio)), content_type="audio/wav")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
