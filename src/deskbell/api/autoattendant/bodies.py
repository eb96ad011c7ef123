"""Bodies as this API takes them: JSON, or a multipart form where a file comes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from deskbell.api import json_bodies

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
        setattr(request, _KEPT, json_bodies.read_json(request.body))
    return getattr(request, _KEPT)
