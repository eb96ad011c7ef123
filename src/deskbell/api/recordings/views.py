"""A recording's audio at its signed link: whole, in ranges, or as a file to save.

Nobody signs in here; the link itself names the account and proves that it was given out.
Source: design, portal API, "Call recordings"; RFC 9110, sections 13 and 14.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe

from deskbell.calls import links, queries
from deskbell.calls.models import Recording
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound
from deskbell.platform.ranges import send_audio
from deskbell.platform.tenancy import account_scope

GONE = "The recording's audio is no longer kept"


@require_safe
def audio(request: HttpRequest, sid: str) -> HttpResponseBase:
    """The audio: 200, 206 or 416, 304 for whoever has it.

    403 in words for a link that is forged or too old, 404 for audio that was removed.
    """
    try:
        with account_scope(links.opened(sid, request.GET.dict(), at=clock.now())):
            answer = _sent(request, queries.recording(sid))
    except links.LinkRefused as error:
        answer = _said(str(error), 403)
    except NotFound:
        answer = _said(GONE, 404)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _sent(request: HttpRequest, found: Recording) -> HttpResponseBase:
    if not found.audio:
        raise NotFound(GONE)
    etag = f'"{found.sha256}"' if found.sha256 else ""
    asked = request.headers
    try:
        whole = send_audio(
            found.audio,
            range_header=asked.get("Range", "") if request.method == "GET" else "",
            etag=etag,
            if_range=asked.get("If-Range", ""),
        )
    except FileNotFoundError as error:
        raise NotFound(GONE) from error
    if etag and asked.get("If-None-Match") == etag:
        whole = HttpResponseNotModified(headers={"ETag": etag})
    elif request.method == "HEAD":
        whole = HttpResponse(headers=dict(whole.headers))
    # To be asked for again each time: a copy must not outlive the recording.
    whole.headers["Cache-Control"] = "private, no-cache"
    if request.GET.get("file"):
        whole.headers["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    return whole


def file_name(recording: Recording) -> str:
    """What the audio is called where it is saved: when, on the account's clock, and from whom.

    Of harmless characters only. Asks for the account.
    """
    began = recording.started_at.astimezone(ZoneInfo(recording.account.time_zone))
    caller = "".join(each for each in recording.call.caller_id if each.isascii() and each.isalnum())
    return f"{began:%Y-%m-%d-%H%M%S}-{caller or 'unknown'}.wav"


def _said(words: str, status: int) -> HttpResponse:
    answer = HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
