"""What a key means. Source: design, on call, "Escalation" (call delivery)."""

from __future__ import annotations

from typing import Final

from deskbell.delivery.transport import Meaning, Reply

_KEYS: Final = {
    "1": Meaning.ACKNOWLEDGE,
    "2": Meaning.HEAR_AGAIN,
    "3": Meaning.NEXT_LEVEL,
    "4": Meaning.RECEPTIONIST,
}


def read(keys: str) -> Reply:
    """What the keys that were pressed mean; NOTHING for others and for none."""
    return Reply(_KEYS.get(keys.strip()[:8], Meaning.NOTHING))
