"""The queue's own words and times. Pure.

Source: design, voice, "The desk on these verbs"; seed 000, "Call Recordings API".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

RING_SECONDS: Final = 25  # most voicemail boxes answer later
# Somebody who has answered may listen to "Press 1" twice; then nobody will say any more of it.
ANSWER_WITHIN: Final = timedelta(seconds=RING_SECONDS + 35)
# A ring that was claimed and not placed: its worker died, or the queue is slow. Placed again.
RUNG_WITHIN: Final = timedelta(seconds=3)
# Who refused a caller, or could not be rung, is not rung for the same one again so soon.
REST_AFTER_REFUSING: Final = timedelta(seconds=30)
REST_AFTER_FAILING: Final = timedelta(seconds=3)
PAGE_LOST_AFTER: Final = timedelta(minutes=10)
SEEN_EVERY: Final = timedelta(seconds=30)
BROKE_OFF_WITHIN: Final = timedelta(minutes=5)
_LEAST_DIGITS: Final = 5


class Outcome(StrEnum):
    """What became of a call at the desk."""

    HANDLED = "handled"
    ABANDONED = "abandoned"
    VOICEMAIL = "voicemail"
    LOST = "lost"  # it broke off: whoever calls again soon has the old place
    NOT_REACHED = "not_reached"  # a call of a receptionist's own that came to nothing


class RingEnd(StrEnum):
    """How ringing a receptionist can end; the words of `models.OfferState` and of events."""

    MISSED = "missed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    LOST = "ring_lost"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a caller waits; `models.Answering` without its row."""

    skill_id: int | None = None
    patience_seconds: int = 180
    wrap_seconds: int = 120
    target_seconds: int = 20


def gives_up_at(at: datetime, patience_seconds: int) -> datetime:
    """When a caller who waits since `at` gets voicemail."""
    return at + timedelta(seconds=max(1, patience_seconds))


def is_known_caller(caller_id: str) -> bool:
    """Whether a caller's number is one, so that the same number is the same caller again."""
    return sum(each.isdigit() for each in caller_id) >= _LEAST_DIGITS


def end_of_ring(status: str, sip_code: str) -> RingEnd | None:
    """What the end of a receptionist's leg means that took no call; None while it goes on.

    `status` is RCML's CallStatus. A leg that failed without a SIP code failed in the gateway, for
    which no receptionist goes away.
    """
    if status == "failed":
        return RingEnd.FAILED if sip_code else RingEnd.LOST
    ends = {
        "no-answer": RingEnd.MISSED,
        "busy": RingEnd.MISSED,
        "completed": RingEnd.MISSED,  # a voicemail box, or nobody pressed 1
        "canceled": RingEnd.LOST,
    }
    return ends.get(status)


def not_connected(phone: str, sip_code: str = "") -> str:
    """Why a receptionist whose phone cannot be rung is away."""
    code = f" ({sip_code})" if sip_code else ""
    return f"Your phone {phone} is not connected{code}"
