"""A carrier's REST: one POST, and what its JSON says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from deskbell.foundation.errors import Unreachable
from deskbell.foundation.http import Answer, request

_AGAIN: Final = frozenset({408, 425, 429})


def post(url: str, body: bytes, headers: Mapping[str, str], key: str) -> Answer:
    """Posts to a carrier, with the key that is the same in every try.

    Raises Unreachable for an answer that says to try again, and as `foundation.http.request`.
    """
    with_key = {**headers, "Idempotency-Key": key} if key else headers
    answer = request("POST", url, body=body, headers=with_key)
    if answer.status in _AGAIN or answer.status >= 500:
        raise Unreachable(f"The carrier answered {answer.status}")
    return answer


def object_in(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; empty where there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def within(found: Any, *path: str | int) -> Any:
    """What lies at a path of keys and places in JSON; None where the path ends early."""
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, dict) else None
        else:
            found = found[step] if isinstance(found, list) and len(found) > step else None
    return found


def text_in(found: Any, *path: str | int) -> str:
    """The text or number at a path; empty where there is none."""
    value = within(found, *path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
