"""Audio between us and whoever carries calls: recordings come, prompts go."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbell import speech
from deskbell.attendant.queries import prompt_audio
from deskbell.calls import queries as calls
from deskbell.calls.actions import keep_piece, keep_recording
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.foundation.sids import is_sid
from deskbell.platform.tenancy import account_scope

from ..errors import with_errors
from .requests import signed
from .steps import whole

_SHA256 = re.compile(r"^[0-9a-f]{64}$")


@signed("PUT", "HEAD")
def recording(request: HttpRequest, sid: str) -> HttpResponse:
    """Keeps a recording of the call in the query's CallSid: 201, or 200 for the same again.

    The body is a WAV file of at most 30 MiB, or with `offset` and `size` in the query a piece of
    one of at most 64 MiB: 204 until it is whole, 409 for a piece that is not the next one, both
    with how much is here in `Upload-Offset`. HEAD gives that too. It may come before or after the
    step that names the recording.
    """
    call_sid = request.GET.get("CallSid", "")
    if not is_sid(sid, "RE") or not is_sid(call_sid, "CA"):
        raise InvalidInput("The URL takes a recording's sid, and a call's sid as CallSid")
    with account_scope(calls.account_of(call_sid)):
        if request.method == "HEAD":
            return HttpResponse(headers={"Upload-Offset": str(calls.received(sid))})
        wav = request.body
        if "offset" in request.GET:
            return _piece(request, sid, call_sid, wav)
        if calls.has_audio(sid, hashlib.sha256(wav).hexdigest()):
            return HttpResponse(status=200)
        keep_recording(sid=sid, call_sid=call_sid, wav=wav, seconds=0, at=clock.now(), is_over=True)
    return HttpResponse(status=201)


def _piece(request: HttpRequest, sid: str, call_sid: str, piece: bytes) -> HttpResponse:
    offset, size = whole(request, "offset"), whole(request, "size")
    has = keep_piece(
        sid=sid, call_sid=call_sid, offset=offset, size=size, piece=piece, at=clock.now()
    )
    if has == size:
        return HttpResponse(status=201)
    is_next = has == offset + len(piece)
    return HttpResponse(status=204 if is_next else 409, headers={"Upload-Offset": str(has)})


@signed("GET")
def prompt(_request: HttpRequest, sha256: str) -> HttpResponse:
    """A prompt's G.711 µ-law bytes at 8 kHz, by the SHA-256 that is their name. Reads only."""
    audio = prompt_audio(sha256) if _SHA256.match(sha256) else None
    if audio is None:
        raise NotFound(f"There is no prompt {sha256[:64]!r}")
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{sha256}"',
    }
    return HttpResponse(audio, content_type="audio/basic", headers=headers)


@require_safe
@with_errors
def sound(_request: HttpRequest, sha256: str) -> HttpResponse:
    """A prompt as WAV (PCM, 16 bits, 8 kHz, mono), for carriers and other engines. Reads only.

    Not signed, because carriers do not sign what they only fetch: the name is the SHA-256 of the
    audio, so whoever knows it has heard it or was sent there by us.
    """
    audio = prompt_audio(sha256) if _SHA256.match(sha256) else None
    if audio is None:
        raise NotFound(f"There is no sound {sha256[:64]!r}")
    wav = speech.write_wav(speech.from_mulaw(audio))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{sha256}"'}
    return HttpResponse(wav, content_type="audio/wav", headers=headers)
