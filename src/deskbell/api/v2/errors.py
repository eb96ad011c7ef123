"""What API v2 says when it cannot do what was asked: one mapping from our errors to its answers.

Source: seed 000, "Error Responses" of To Dos and "404 Not Found" of messages; design, portal API,
"Errors".
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from deskbell.api.errors import status_of
from deskbell.foundation.errors import DeskbellError, InvalidInput, MissingInput, NotSignedIn

log = logging.getLogger(__name__)
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
    api.add_exception_handler(Exception, _unexpected)


def _ours(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, BadToken):
        answer = JsonResponse(error.body, status=error.status)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if isinstance(error, InvalidInput) and error.field:
        fault = "Missing" if isinstance(error, MissingInput) else "Invalid"
        return say(422, f"{fault} parameter: {error.field}")
    status = status_of(error)
    if status >= 500:
        return _unexpected(request, error)
    return say(status, WORDS.get(status, str(error)))


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    first = error.errors[0]
    place = first["loc"]
    if place[0] == "path":
        return say(404, WORDS[404])
    fault = "Missing" if first["type"] == "missing" else "Invalid"
    return say(422, f"{fault} parameter: {place[-1]}")


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    return say(error.status_code, str(error))


def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return say(404, WORDS[404])


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    """A fault of ours: 400, as the seed has it ("Server Error (400)"), and a line in the log."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return say(400, "The request failed for a reason of ours, which was written down; try again")
