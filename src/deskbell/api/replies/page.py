"""One small page that needs nothing but itself: it is opened on phones, from emails, by anybody.

Its style is inside it, allowed by its hash, so that it is one request and works without the
portal's bundle. It is kept out of caches, search engines and other sites' referrers, because its
address is a key.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@functools.cache
def _style() -> tuple[str, str]:
    """The page's style and the policy that allows it and nothing else."""
    text = (_HERE / "page.css").read_text()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, _POLICY.format(hash=digest)


def page(name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page from the template `api/replies/<name>.html`, closed to everybody but its reader."""
    style, policy = _style()
    # Our own file, not a word of it from outside.
    context = {**context, "style": mark_safe(style)}  # noqa: S308 the page's own style sheet
    response = HttpResponse(render_to_string(f"api/replies/{name}.html", context), status=status)
    return close(response, policy)


def close(response: HttpResponse, policy: str = "default-src 'none'") -> HttpResponse:
    """Keeps an answer out of caches, referrers and search engines."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
