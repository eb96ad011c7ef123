"""How a call stands, as RCML and Twilio name it. Pure.

Source: RCML reference, section 2 (`CallStatus`);
https://www.twilio.com/docs/voice/api/call-resource#call-status-values
"""

from __future__ import annotations

from typing import Final

from .events import Status

TAKEN_ELSEWHERE: Final = "elsewhere"  # how a call ends whose caller another phone has got
GATEWAY_LOST: Final = "gateway_lost"  # the gateway was killed, and the call could not be taken up
NO_DOCUMENT: Final = "no_document"  # nobody said what comes next, however often that was asked
LOST: Final = frozenset(  # how calls end that nobody wanted to end
    {
        "silent_line",
        "expired",
        "unacknowledged",
        "no_codec",
        "gateway_stops",
        GATEWAY_LOST,
        NO_DOCUMENT,
    }
)
OVER: Final = frozenset[Status]({"completed", "busy", "failed", "no-answer", "canceled"})


def left_unanswered(how: str, *, is_outgoing: bool) -> Status:
    """What a call came to that ended in the way `how` before anybody answered."""
    if how in {"cancelled", "canceled", TAKEN_ELSEWHERE}:
        return "canceled"
    if how == "no_answer" and is_outgoing:
        return "no-answer"
    return "failed"


def ended_by(how: str, *, is_outgoing: bool, was_answered: bool) -> dict[str, str]:
    """Who ended a call that ended in the way `how`, and why a talk was lost, as parameters."""
    if how in {"bye", "cancelled"}:
        return {"HangupBy": "callee" if is_outgoing else "caller"}
    lost = {"LostBecause": how} if was_answered and how in LOST else {}
    return {"HangupBy": "system"} | lost
