"""The URLs below /api/v2. Whatever is asked there is answered in JSON, also what ninja and Django
would answer in their own way: another method, an unknown path."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path
from django.views.decorators.http import require_safe

from deskbell.api.methods import View, answered, patterns_of
from deskbell.api.words import V2, declare_operations

from .bodies import bounded
from .errors import say
from .service import api


def unknown(_request: HttpRequest) -> HttpResponse:
    """The answer to a path that is none."""
    return say(404, "Not found")


unknown.csrf_exempt = True  # type: ignore[attr-defined]  # so that any method is answered in JSON


def _wrapped(view: View) -> View:
    wrapped = answered(bounded(view), refuse=lambda _request: say(405, "Method not allowed"))
    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # as above; it uses no cookies
    return wrapped


declare_operations(api, V2)
urlpatterns = [
    path("", _wrapped(require_safe(lambda _: redirect("api-v2:openapi-view")))),
    path("", (patterns_of(api, _wrapped), "ninja", api.urls_namespace)),
    re_path("", unknown),
]
