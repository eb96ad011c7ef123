"""Shows a picture to those who may see it."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deskbell.accounts.queries import picture_for

from ..pages import page
from ..tenancy import PortalRequest

# Its address is a hash of what it shows, so it never changes.
_FOR_EVER: Final = "private, max-age=31536000, immutable"


@require_safe
@page
def shown(request: PortalRequest, picture: str) -> HttpResponse:
    """A picture as WebP, which a browser may keep. 404 for who may not see it."""
    found = picture_for(request.user, picture)
    response = HttpResponse(bytes(found.content), content_type="image/webp")
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    return response
