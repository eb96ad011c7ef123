"""Whether messages move from level to level in time: for whoever watches the deployment."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from deskbell.foundation.clock import now
from deskbell.oncall.queries import health


def escalation(_request: HttpRequest) -> JsonResponse:
    """`{"well": true, "due": 0, "late_seconds": 0.0, "self_tests": {"count": 1, "failed": 0,
    "late": 0, "last_passed_at": null}}`, with 503 where a message is late by over a minute, or
    where the last self-test of a level found nobody or is not sent. Counts and instants only, so it
    needs no sign-in. Reads only.
    """
    found = health(now())
    tests = found.self_tests
    body = {
        "well": found.is_well,
        "due": found.due,
        "late_seconds": round(found.late_seconds, 1),
        "self_tests": {
            "count": tests.count,
            "failed": tests.failed,
            "late": tests.late,
            "last_passed_at": tests.last_passed_at,
        },
    }
    return JsonResponse(body, status=200 if found.is_well else 503)
