"""What browsers may load and run on Deskbell's pages: only what Deskbell itself serves.

A message's words come from strangers, so a page must stay harmless even where a template forgets
to escape them: no inline script, no inline style, nothing from elsewhere.
Source: https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponseBase

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
_ELSEWHERE: Final = "deskbell_sources_elsewhere"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def allow_sources(response: HttpResponseBase, sources: Mapping[str, str]) -> None:
    """Lets one page load from elsewhere too: directives, as `script-src`, and their sources.

    For the fields of a payment provider, which has to serve them itself; no other page has any.
    """
    setattr(response, _ELSEWHERE, dict(sources))


def policy_with(sources: Mapping[str, str]) -> str:
    """The policy with more sources; one of a directive that it lacks is given that directive."""
    missing = dict(sources)
    parts = []
    for part in POLICY.split("; "):
        more = missing.pop(part.split()[0], "")
        parts.append(f"{part} {more}".strip())
    return "; ".join([*parts, *(f"{name} {more}" for name, more in missing.items())])


class ContentSecurityMiddleware:
    """Puts the policy on every answer; a view that needs another sets the header itself, or names
    what it needs beside it (`allow_sources`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers with the policy's headers added."""
        response = self.get_response(request)
        elsewhere: Mapping[str, str] = getattr(response, _ELSEWHERE, {})
        response.headers.setdefault("Content-Security-Policy", policy_with(elsewhere))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
