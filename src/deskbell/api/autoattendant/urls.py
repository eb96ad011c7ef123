"""The URLs below /autoattendant. Whatever is asked there is answered in the API's envelope.

The seed writes some of its own paths in several ways; `usual` finds the one that is meant.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path, resolve
from django.views.generic import RedirectView

from deskbell.api.errors import TooMuch
from deskbell.api.methods import View, answered, patterns_of

from .bodies import is_form
from .codes import OtherMethod, UnknownPath
from .errors import refusal
from .records import BASE
from .service import api

MOST_JSON: Final = 4 * 1024 * 1024
MOST_FORM: Final = 20 * 1024 * 1024 + 64 * 1024  # a file, and the form around it
_OTHERS: Final = [
    (re.compile(r"^phonenumbers(?=/|$)", re.IGNORECASE), "phonenumber"),
    (re.compile(r"^(phonenumber/usage/records)(?=[a-z])"), r"\1/"),
    (re.compile(r"^(phonenumber/usage)/recordsdaily"), r"\1/records/daily"),
    (re.compile(r"^internal/(?=announcement/file/)"), ""),
]


def bounded(view: View) -> View:
    """Refuses a body that is too large before any of it is read."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **values: object) -> HttpResponse:
        most = MOST_FORM if is_form(request) else MOST_JSON
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return refusal(request, TooMuch(f"The body takes {most} bytes at most"))
        return view(request, *args, **values)

    return wrapped


def usual(given: str) -> str:
    """The path that is meant, below /autoattendant: without a slash at its end, by its own name."""
    found = given.rstrip("/")
    for pattern, name in _OTHERS:
        found = pattern.sub(name, found)
    return found


def other_path(request: HttpRequest) -> HttpResponse:
    """Answers a path that is another way to write one of ours; 404 for all others."""
    given = request.path_info.removeprefix(f"{BASE}/")
    meant = usual(given)
    if meant and meant != given:
        found = resolve(f"{BASE}/{meant}")
        if found.func is not other_path:
            answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
            return answer
    return refusal(request, UnknownPath(request.path))


other_path.csrf_exempt = True  # type: ignore[attr-defined]  # so that any method is answered in JSON


def _wrapped(view: View) -> View:
    return answered(bounded(view), refuse=lambda request: refusal(request, OtherMethod("No")))


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-autoattendant:openapi-view")),
    path("", (patterns_of(api, _wrapped), "ninja", api.urls_namespace)),
    re_path("", other_path),
]
