"""How a call went, in a word, where no message says it."""

from __future__ import annotations

from deskbell.foundation.errors import InvalidInput

from ..models import DeskCall

LONGEST = 64


def dispose(*, desk_call: DeskCall, disposition: str) -> None:
    """Notes how a call went. Needs its account's scope. Raises InvalidInput for too long a word."""
    if len(disposition) > LONGEST:
        raise InvalidInput(f"A disposition has at most {LONGEST} characters", field="disposition")
    desk_call.disposition = disposition
    desk_call.save(update_fields=["disposition"])
