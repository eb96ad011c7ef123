"""The URLs below /autoattendant. Whatever is asked there is answered in the API's envelope.

The seed writes some of its own paths in several ways; `usual` finds the one that is meant.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path, resolve
from django.views.decorators.http import require_safe

from deskbell.api.errors import TooMuch
from deskbell.api.methods import View, answered, patterns_of
from deskbell.api.words import AUTOATTENDANT, declare_operations
from deskbell.foundation.errors import InvalidInput

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
    """Refuses a body that is too large before any of it is read, and one that does not say.

    Without a length Django reads nothing, and whoever sent it would be told that all is missing.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **values: object) -> HttpResponse:
        most = MOST_FORM if is_form(request) else MOST_JSON
        length = request.META.get("CONTENT_LENGTH")
        if int(length or 0) > most:
            return refusal(request, TooMuch(f"The body takes {most} bytes at most"))
        if not length and "HTTP_TRANSFER_ENCODING" in request.META:
            return refusal(request, InvalidInput("send Content-Length; chunks are not read"))
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
            request.resolver_match = found
            answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
            return answer
    return refusal(request, UnknownPath(request.path))


other_path.csrf_exempt = True  # type: ignore[attr-defined]  # so that any method is answered in JSON


def _wrapped(view: View) -> View:
    wrapped = answered(bounded(view), refuse=lambda request: refusal(request, OtherMethod("No")))
    wrapped.csrf_exempt = True  # type: ignore[attr-defined]  # as above; it uses no cookies
    return wrapped


declare_operations(api, AUTOATTENDANT)
urlpatterns = [
    path("", _wrapped(require_safe(lambda _: redirect("api-autoattendant:openapi-view")))),
    path("", (patterns_of(api, _wrapped), "ninja", api.urls_namespace)),
    re_path("", other_path),
]
