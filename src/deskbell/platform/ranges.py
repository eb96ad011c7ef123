"""Sends audio from the storage, whole or in part, as a player asks while somebody seeks.

Source: RFC 9110, section 14 (range requests; one range at a time) and 13.1.5 (If-Range).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.files import File
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII | re.IGNORECASE)


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a Range header, both included; None where all is wanted.

    Raises ValueError where no byte of the file is in the range.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    first_text, last_text = found.groups()
    if not first_text:
        first, last = max(0, size - int(last_text)), size - 1
    else:
        first = int(first_text)
        last = min(int(last_text), size - 1) if last_text else size - 1
    if first > last or first >= size:
        raise ValueError(header)
    return first, last


def send_audio(
    audio: File[bytes], *, range_header: str = "", etag: str = "", if_range: str = ""
) -> HttpResponseBase:
    """Answers 200 with all of the file, 206 with the part asked for, or 416.

    `etag` names this very content, quotes included; a part is sent only where `if_range`, if there
    is any, is the same. Raises FileNotFoundError for a file that is gone.
    """
    size = audio.size
    if if_range and if_range != etag:
        range_header = ""
    try:
        part = wanted(range_header, size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    response = StreamingHttpResponse(
        _chunks(audio, first, last - first + 1),
        status=206 if part else 200,
        content_type="audio/wav",
    )
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=3600"
    if etag:
        response.headers["ETag"] = etag
    if part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _chunks(audio: File[bytes], first: int, count: int) -> Iterator[bytes]:
    with audio.open("rb") as source:  # here, so that an answer nobody reads opens nothing
        source.seek(first)
        while count > 0 and (chunk := source.read(min(CHUNK, count))):
            count -= len(chunk)
            yield chunk
