"""The content policy, and the one page that may load from elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from deskbell.portal.security import (
    POLICY,
    ContentSecurityMiddleware,
    allow_sources,
    policy_with,
)

ELSEWHERE = {"script-src": "https://pay.example", "frame-src": "https://pay.example"}


def test_sources_are_added_to_their_directives() -> None:
    assert policy_with({}) == POLICY
    parts = policy_with(ELSEWHERE).split("; ")
    assert "script-src 'self' https://pay.example" in parts
    assert "frame-src https://pay.example" in parts
    assert "style-src 'self'" in parts


def test_only_the_answer_that_names_them_has_them() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        if request.path == "/pay":
            allow_sources(response, ELSEWHERE)
        return response

    middleware, request = ContentSecurityMiddleware(answer), HttpRequest()
    assert middleware(request).headers["Content-Security-Policy"] == POLICY
    request.path = "/pay"
    assert "https://pay.example" in middleware(request).headers["Content-Security-Policy"]
