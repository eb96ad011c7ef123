"""What a receptionist may note of a delivery that they made, and the words of the proof. Pure."""

from __future__ import annotations

from enum import StrEnum


class Result(StrEnum):
    """What came of calling somebody about a message."""

    ACKNOWLEDGED = "acknowledged"
    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
