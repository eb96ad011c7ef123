"""Whether messages move from level to level in time: for whoever watches the deployment."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from deskbell.foundation.clock import now
from deskbell.oncall.queries import health


def escalation(_request: HttpRequest) -> JsonResponse:
    """`{"well": true, "due": 0, "late_seconds": 0.0}`, with 503 where a message is late by over a
    minute. Counts and seconds only, so it needs no sign-in. Reads only.
    """
    found = health(now())
    body = {
        "well": found.is_well,
        "due": found.due,
        "late_seconds": round(found.late_seconds, 1),
    }
    return JsonResponse(body, status=200 if found.is_well else 503)
