"""Reading JSON, strictly: what is read can be written again, and cannot exhaust us."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

from deskbell.foundation.errors import InvalidInput

_MOST_LEVELS: Final = 32  # what is read is walked through again, and Python's stack has an end


def read_json(body: bytes) -> Any:
    """What a body says.

    Raises InvalidInput for what is not JSON by RFC 8259, for a name that stands twice in an object,
    and for more than 32 levels.
    """
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
