"""What every URL of a REST API of ours does beside its own methods."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern
from ninja import NinjaAPI

View = Callable[..., HttpResponse]
Refuse = Callable[[HttpRequest], HttpResponse]


def answered(view: View, refuse: Refuse) -> View:
    """Adds to a view what every URL here does.

    HEAD is answered as GET is, without the body (RFC 9110, 9.3.2); OPTIONS says what is allowed;
    any other method that the view does not know is answered by `refuse`, a 405 in the API's own
    JSON. Nothing is kept by caches on the way, unless the view says so.
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
            allowed = answer.headers["Allow"]
            answer = HttpResponse(status=204) if method == "OPTIONS" else refuse(request)
            answer.headers["Allow"] = _with_ours(allowed)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return wrapped


def _with_ours(methods: str) -> str:
    known = {method.strip() for method in methods.split(",")} | {"OPTIONS"}
    if "GET" in known:
        known.add("HEAD")
    return ", ".join(sorted(known))


def patterns_of(api: NinjaAPI, wrap: Callable[[View], View]) -> list[URLPattern]:
    """The URL patterns of an API, each view wrapped."""
    found = api.urls[0]
    for pattern in found:
        pattern.callback = wrap(pattern.callback)  # type: ignore[arg-type]  # ninja lists patterns, no resolvers
    return found  # type: ignore[return-value]  # as above
