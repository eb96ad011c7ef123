"""How a call stands, as RCML and Twilio name it. Pure.

Source: RCML reference, section 2 (`CallStatus`);
https://www.twilio.com/docs/voice/api/call-resource#call-status-values
"""

from __future__ import annotations

from typing import Final

from .events import Status

TAKEN_ELSEWHERE: Final = "elsewhere"  # how a call ends whose caller another phone has got
OVER: Final = frozenset[Status]({"completed", "busy", "failed", "no-answer", "canceled"})


def left_unanswered(how: str, *, is_outgoing: bool) -> Status:
    """What a call came to that ended in the way `how` before anybody answered."""
    if how in {"cancelled", "canceled", TAKEN_ELSEWHERE}:
        return "canceled"
    if how == "no_answer" and is_outgoing:
        return "no-answer"
    return "failed"
