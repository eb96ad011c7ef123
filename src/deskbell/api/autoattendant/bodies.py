"""Reading JSON bodies, strictly: what is read can be written again, and cannot exhaust us."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from deskbell.foundation.errors import InvalidInput

from .codes import OtherMediaType

_KEPT = "_autoattendant_body"
_MOST_LEVELS: Final = 32  # what is read is walked through again, and Python's stack has an end


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
        found = json.loads(
            body, parse_constant=_refuse, parse_float=_number, object_pairs_hook=_object
        )
    except (ValueError, RecursionError) as error:
        raise InvalidInput("the body is not JSON") from error
    _check_levels(found)
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        _refuse(written)
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a name that stands twice: one of its two values would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(f"{twice[:100]!r} stands twice in one object; once is right")
    return found


def _check_levels(found: Any) -> None:
    level = [found]
    for _ in range(_MOST_LEVELS):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise InvalidInput(f"the body has more than {_MOST_LEVELS} levels of objects and lists")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
