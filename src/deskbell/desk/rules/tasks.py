"""What a receptionist may note of a delivery that they made, and the words of the proof. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

LONGEST_WORDS: Final = 300


class Result(StrEnum):
    """What came of calling somebody about a message."""

    ACKNOWLEDGED = "acknowledged"
    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"


_SAID: Final = {
    Result.ACKNOWLEDGED: "told {name}, who acknowledged it",
    Result.REACHED: "told {name}, who did not acknowledge it",
    Result.LEFT_MESSAGE: "nobody answered; a message was left",
    Result.NO_ANSWER: "nobody answered",
    Result.BUSY: "the line was busy",
    Result.WRONG_NUMBER: "that is a wrong number",
}


def proof_words(result: Result, *, by: str, address: str, name: str, words: str = "") -> str:
    """What stands in the proof: who called whom, what came of it, and the receptionist's words."""
    said = f"{by} called {address}: {_SAID[result].format(name=name)}"
    own = " ".join(words.split())[:LONGEST_WORDS]
    return f"{said}. {own}" if own else said
