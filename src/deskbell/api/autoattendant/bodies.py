"""Reading JSON bodies, strictly: what is read can be written again, and cannot exhaust us."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from deskbell.foundation.errors import InvalidInput

from .codes import OtherMediaType

_KEPT = "_autoattendant_body"


class JsonParser(Parser):
    """Reads bodies for ninja."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body's JSON. Raises OtherMediaType, InvalidInput."""
        kind = request.content_type
        if kind and kind != "application/json":
            raise OtherMediaType(f"The body takes application/json; not {kind}")
        found: DictStrAny = read_json(request)
        return found


def is_form(request: HttpRequest) -> bool:
    """Whether the body is a multipart form, as files come."""
    return (request.content_type or "").startswith("multipart/")


def read_json(request: HttpRequest) -> Any:
    """What the body says, read once. Raises InvalidInput for what is not JSON."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _read(request.body))
    return getattr(request, _KEPT)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("the body is not JSON") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
