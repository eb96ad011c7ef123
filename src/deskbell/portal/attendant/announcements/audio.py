"""The sounds themselves: a prompt with ranges, its picture, an upload, and typed text spoken."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from deskbell import speech
from deskbell.attendant.actions import keep_audio
from deskbell.attendant.queries import prompt_audio
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.ranges import send_audio

from ...tenancy import PortalRequest
from ..frame import attendant_page
from .listen import TooOften, count_listening, spoken
from .sounds import Heard, may_hear, token_for
from .uploads import TooLarge, read_upload

# A prompt is named by its content, so what a browser has kept of it never grows old.
KEEP = "private, max-age=31536000, immutable"
NOT_HERE = "There is no such sound in this account"


@require_GET
@attendant_page
def sound(request: PortalRequest, sha256: str) -> HttpResponseBase:
    """A prompt as a WAV file, in ranges as players ask; only the account's own."""
    wav = speech.write_wav(speech.from_mulaw(_audio(request, sha256)))
    response = send_audio(ContentFile(wav), range_header=request.headers.get("Range", ""))
    if response.status_code != 416:
        response.headers["Cache-Control"] = KEEP
    return response


@require_GET
@attendant_page
def wave(request: PortalRequest, sha256: str) -> HttpResponseBase:
    """The picture of a prompt as SVG; only the account's own."""
    tag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == tag:
        _check(request, sha256)
        response = HttpResponse(status=304)
    else:
        audio = _audio(request, sha256)
        response = HttpResponse(
            speech.waveform(speech.from_mulaw(audio)), content_type="image/svg+xml"
        )
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = KEEP
    return response


def _check(request: PortalRequest, sha256: str) -> None:
    token = request.GET.get("kept", "")
    if not may_hear(sha256, account_id=request.account.pk, token=token):
        raise NotFound(NOT_HERE)


def _audio(request: PortalRequest, sha256: str) -> bytes:
    _check(request, sha256)
    audio = prompt_audio(sha256)
    if audio is None:
        raise NotFound(NOT_HERE)
    return audio


@require_POST
@attendant_page
def upload(request: PortalRequest) -> HttpResponseBase:
    """Keeps a WAV file and shows it; the form that saves it names it by a signed word.

    What cannot be kept is said in words, with 413 for a file that is too large and 422 else.
    """
    try:
        prompt = keep_audio(read_upload(request))
    except InvalidInput as error:
        return _said(str(error), 413 if isinstance(error, TooLarge) else 422)
    token = token_for(request.account.pk, prompt.sha256)
    uploaded = Heard(prompt.sha256, prompt.seconds, token)
    context = {"sound": uploaded, "token": token}
    return render(request, "portal/attendant/announcements/kept.html", context)


@require_POST
@attendant_page
def listen(request: PortalRequest) -> HttpResponseBase:
    """The typed text, spoken, as a WAV file; in words why not where it cannot be."""
    prefix = "new_" if request.POST.get("listen") == "new_" else ""

    def typed(field: str) -> str:
        return str(request.POST.get(prefix + field, ""))

    try:
        count_listening(request.user.pk, at=now())
        wav = spoken(typed("body").strip(), typed("language"), typed("voice"))
    except TooOften as error:
        response = _said(str(error), 429)
        response.headers["Retry-After"] = "60"
        return response
    except InvalidInput as error:
        return _said(str(error), 422)
    except speech.SpeechUnavailable as error:
        return _said(f"This cannot be spoken now. {error}", 503)
    return HttpResponse(wav, content_type="audio/wav")


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
