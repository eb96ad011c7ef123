"""Bodies as API v2 takes them: JSON of a bounded length, said to be JSON.

Source: seed 000, "Request Header"; design, portal API, "Errors".
"""

from __future__ import annotations

import functools
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser
from ninja.types import DictStrAny

from deskbell.api.json_bodies import read_json
from deskbell.api.methods import View
from deskbell.foundation.errors import InvalidInput

from .errors import NO_OBJECT, say

MOST: Final = 4 * 1024 * 1024


class JsonParser(Parser):
    """Reads bodies for ninja."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body's JSON object. Raises InvalidInput for anything else, or not said to be one."""
        if request.content_type not in {"", "application/json"}:
            raise InvalidInput(
                f"the body takes Content-Type: application/json; not {request.content_type}"
            )
        found = read_json(request.body)
        if not isinstance(found, dict):
            raise InvalidInput(NO_OBJECT)
        return found


def bounded(view: View) -> View:
    """Refuses a body that is too large before any of it is read, and one that does not say.

    Without a length Django reads nothing, and whoever sent it would be told that all is missing.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **values: object) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH")
        if int(length or 0) > MOST:
            return say(413, f"The body takes {MOST} bytes at most")
        if not length and "HTTP_TRANSFER_ENCODING" in request.META:
            return say(400, "Send Content-Length; chunks are not read")
        return view(request, *args, **values)

    return wrapped
