"""The URLs below /api/v2. Whatever is asked there is answered in JSON, also what ninja and Django
would answer in their own way: another method, an unknown path."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from .errors import say
from .service import api

View = Callable[..., HttpResponse]


def answered(view: View) -> View:
    """Adds to a view what every URL here does.

    HEAD is answered as GET is, without the body (RFC 9110, 9.3.2); OPTIONS says what is allowed;
    any other method that the view does not know is answered by 405 in JSON. Nothing is kept by
    caches on the way.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **values: object) -> HttpResponse:
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        try:
            answer = view(request, *args, **values)
        finally:
            request.method = method
        if isinstance(answer, HttpResponseNotAllowed):
            answer = _allowed(answer.headers["Allow"], asked=method == "OPTIONS")
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return wrapped


def _allowed(methods: str, *, asked: bool) -> HttpResponse:
    known = {method.strip() for method in methods.split(",")} | {"OPTIONS"}
    if "GET" in known:
        known.add("HEAD")
    answer = HttpResponse(status=204) if asked else say(405, "Method not allowed")
    answer.headers["Allow"] = ", ".join(sorted(known))
    return answer


def unknown(_request: HttpRequest) -> HttpResponse:
    """The answer to a path that is none."""
    return say(404, "Not found")


unknown.csrf_exempt = True  # type: ignore[attr-defined]  # so that any method is answered in JSON


def _patterns() -> list[URLPattern]:
    found = api.urls[0]
    for pattern in found:
        pattern.callback = answered(pattern.callback)  # type: ignore[arg-type]  # ninja lists patterns, no resolvers
    return found  # type: ignore[return-value]  # as above


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-v2:openapi-view")),
    path("", (_patterns(), "ninja", api.urls_namespace)),
    re_path("", unknown),
]
