"""Recordings that a carrier keeps, fetched as soon as the carrier has written them."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from deskbell.calls.actions import MAX_AUDIO_BYTES, keep_recording
from deskbell.calls.models import Recording
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable
from deskbell.foundation.http import Answer, request

from .ways import Way

TIMEOUT_SECONDS: Final = 60.0
MAX_REDIRECTS: Final = 3
_HOSTS: Final = {
    Way.TWILIO: "twilio.com",
    Way.SIGNALWIRE: "signalwire.com",
    Way.TELNYX: "telnyx.com",
}


class NotYet(Unreachable):
    """The carrier says that it does not have the recording yet; worth another try."""


def fetch(*, sid: str, call_sid: str, url: str, way: Way, at: datetime) -> None:
    """Keeps the recording at `url` as `sid`; one that is here already is not fetched again.

    Our keys go to the carrier's own hosts only. Needs the scope of the call's account. Raises
    NotYet and Unreachable, so that it is tried again; Refused and InvalidInput where trying again
    is of no use.
    """
    if Recording.objects.filter(sid=sid).exclude(sha256="").exists():
        return
    answer = _followed(url, way)
    if answer.status in {404, 409, 425, 429} or answer.status >= 500:
        raise NotYet(f"{way} answered {answer.status} for the recording {sid}")
    if answer.status != 200:
        raise Refused(f"{way} answered {answer.status} for the recording {sid}")
    if len(answer.body) >= MAX_AUDIO_BYTES:
        raise InvalidInput(f"The recording {sid} is larger than {MAX_AUDIO_BYTES} bytes")
    keep_recording(sid=sid, call_sid=call_sid, wav=answer.body, seconds=0, at=at, is_over=True)


def _followed(url: str, way: Way) -> Answer:
    for _ in range(MAX_REDIRECTS + 1):
        answer = request(
            "GET", url, headers=_headers(url, way), timeout=TIMEOUT_SECONDS, most=MAX_AUDIO_BYTES
        )
        if answer.status not in {301, 302, 303, 307, 308}:
            return answer
        url = urljoin(url, answer.headers.get("location", ""))
    raise Refused(f"{way} sends from one address to the next")


def _headers(url: str, way: Way) -> dict[str, str]:
    """What opens the recording; nothing for a host that is not the carrier's own."""
    headers = {"Accept": "audio/wav"}
    keys = settings.ENVIRONMENT.carriers.get(way)
    host = (urlsplit(url).hostname or "").rstrip(".")
    own = _HOSTS.get(way, "")
    if keys is None or not (host == own or host.endswith(f".{own}")):
        return headers
    if not url.startswith("https://"):
        return headers
    if way is Way.TELNYX:
        return headers | {"Authorization": f"Bearer {keys.password}"}
    pair = base64.b64encode(f"{keys.user}:{keys.password}".encode()).decode()
    return headers | {"Authorization": f"Basic {pair}"}
