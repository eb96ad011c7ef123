"""The one mapping of our errors to HTTP; no room below knows a status code."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError

from deskbell.foundation.errors import (
    Conflict,
    DeskbellError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OutOfScope,
    Refused,
    Unreachable,
)

log = logging.getLogger(__name__)
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


class TooMuch(DeskbellError):
    """A request's body is larger than what is taken."""


_STATUSES: Final[dict[type[DeskbellError], int]] = {
    InvalidInput: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Refused: 502,
    Unreachable: 503,
    TooMuch: 413,
    OutOfScope: 500,
}


def status_of(error: DeskbellError) -> int:
    """The HTTP status of an error: that of the nearest of its kinds in the tree, else 500."""
    for kind in type(error).__mro__:
        if kind in _STATUSES:
            return _STATUSES[kind]
    return 500


def as_response(error: DeskbellError) -> JsonResponse:
    """The answer to show: `{"error": {"message", "field"?}}`. A fault of ours keeps its words."""
    status = status_of(error)
    message = "Internal error" if status == 500 else str(error)
    content = {"message": message}
    if isinstance(error, InvalidInput) and error.field:
        content["field"] = error.field
    return JsonResponse({"error": content}, status=status)


def with_errors(view: View[Arguments]) -> View[Arguments]:
    """The view with our errors, and bodies that cannot be read, made into answers."""

    @functools.wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DeskbellError as error:
            if status_of(error) == 500:
                log.exception("%s %s failed", request.method, request.path)
            return as_response(error)
        except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
            return as_response(InvalidInput(f"The request cannot be read: {error}"))

    return guarded
