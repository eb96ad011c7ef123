"""What API v2 says when it cannot do what was asked: one mapping from our errors to its answers.

Source: seed 000, "Error Responses" of To Dos and "404 Not Found" of messages; design, portal API,
"Errors".
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from deskbell.accounts.errors import TooOften
from deskbell.api.errors import status_of
from deskbell.foundation.errors import DeskbellError, InvalidInput, MissingInput, NotSignedIn

log = logging.getLogger(__name__)
NO_OBJECT = "The body takes a JSON object, as {}"
WORDS = {401: "Unauthorized", 403: "Forbidden", 404: "Not found"}


class BadToken(NotSignedIn):
    """The request brought no token that is good here; the answer differs between resources."""

    status: ClassVar[int] = 401
    body: ClassVar[dict[str, Any]] = {"error": "Unauthorized"}


class BadMessagesToken(BadToken):
    """The same on messages, where the seed has an answer of its own."""

    status = 404
    body: ClassVar[dict[str, Any]] = {"success": False, "info": "Invalid token", "data": {}}


def say(status: int, text: str) -> JsonResponse:
    """An answer of `status` that says `{"error": text}`."""
    return JsonResponse({"error": text}, status=status)


def register(api: NinjaAPI) -> None:
    """Has `api` answer every error as this module says.

    The handlers take Any, because ninja's types allow an error's class too, which never comes.
    """
    api.add_exception_handler(DeskbellError, _ours)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, _missing)
    for unreadable in (BadRequest, SuspiciousOperation, MultiPartParserError):
        api.add_exception_handler(unreadable, _unreadable)
    api.add_exception_handler(Exception, _unexpected)


def _ours(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, BadToken):
        answer = JsonResponse(error.body, status=error.status)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if isinstance(error, TooOften):
        answer = say(429, str(error))
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    if isinstance(error, InvalidInput) and error.field:
        fault = "Missing" if isinstance(error, MissingInput) else "Invalid"
        return say(422, f"{fault} parameter: {error.field}")
    status = status_of(error)
    if status >= 500:
        return _unexpected(request, error)
    return say(status, WORDS.get(status, str(error)))


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    """The first fault, by the name that the caller wrote."""
    first = error.errors[0]
    place = first["loc"]
    if place[0] == "path":
        return say(404, WORDS[404])
    if place[0] == "body" and len(place) <= 2:
        return say(400, NO_OBJECT)
    fault = "Missing" if first["type"] == "missing" else "Invalid"
    return say(422, f"{fault} parameter: {_name_in(place)}")


def _name_in(place: tuple[str | int, ...]) -> str:
    """The field that a place in a body or query leads to; what stands deeper is a list's or a
    kind's."""
    names = [part for part in place[1:] if isinstance(part, str)]
    return names[-1] if place[0] != "body" else names[min(len(names) - 1, 1)]


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja says by itself: a body that cannot be read, with the reason behind it."""
    words = error.__cause__ if isinstance(error.__cause__, DeskbellError) else error
    return say(error.status_code, _sentence(str(words)))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return say(404, WORDS[404])


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    return say(400, f"The request cannot be read: {error}")


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    """A fault of ours: 400, as the seed has it ("Server Error (400)"), and a line in the log."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return say(400, "The request failed for a reason of ours, which was written down; try again")
