"""Whether this web process can serve: what `up`, systemd and load balancers ask."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from deskbell.platform.standing import database_answers


def health(_request: HttpRequest) -> JsonResponse:
    """`{"ready": true}` with 200 where the database answers, else false with 503. Reads only."""
    if not database_answers():
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse({"ready": True, "database": True})
