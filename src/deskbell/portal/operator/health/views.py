"""The health page, and its part that asks again by itself."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deskbell.foundation.clock import now

from ...tenancy import PortalRequest
from ..frame import operator_page, show
from .parts import parts, troubles


@require_safe
@operator_page
def health(request: PortalRequest) -> HttpResponse:
    """Every part of the deployment, and how it is."""
    return show(request, "health/health", _context())


@require_safe
@operator_page
def live(request: PortalRequest) -> HttpResponse:
    """The parts as they are now; 304 where nothing changed."""
    context = _context()
    if request.headers.get("If-None-Match") == context["tag"]:
        response = HttpResponse(status=304)
    else:
        response = show(request, "health/live", context)
    response.headers["ETag"] = context["tag"]
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _context() -> dict[str, Any]:
    found = parts(now())
    wrong = troubles(found)
    return {
        "parts": [*wrong, *(each for each in found if each not in wrong)],
        "troubles": wrong,
        "tag": f'"{hashlib.sha256(repr(found).encode()).hexdigest()[:24]}"',
    }
