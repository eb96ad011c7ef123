"""The attendant's own sentences: what callers hear where the account has nothing of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

DEFAULT_LANGUAGE: Final = "en-US"
DEFAULT_VOICE: Final = "Man"


MUSIC: Final = "(music)"  # what the waiting hear between words is kept beside the sentences
RINGING: Final = "(ringing)"
PLACES_SPOKEN: Final = 10  # places in line whose words are spoken before anybody waits


class Sentence(StrEnum):
    """Each sentence by its name; the value is its text."""

    APOLOGY = (
        "We are sorry, your call cannot be taken at the moment. Please call again later. Goodbye."
    )
    NO_ANNOUNCEMENT = "There is no announcement assigned to this menu."
    LEAVE_MESSAGE = (
        "Please leave your message after the tone. "
        "When you are done, press the pound key or hang up."
    )
    NOT_HEARD = "We did not hear anything. Please try again after the tone."
    NOTHING_TAKEN = "We could not hear you, so no message was taken. Goodbye."
    MESSAGE_TAKEN = "Thank you. Your message has been taken. Goodbye."
    GOODBYE = "Goodbye."
    ASK_EXTENSION = "Please press the extension number."
    ASK_NAME = "Please say the name."
    UNKNOWN_EXTENSION = "There is no such extension."
    DID_YOU_MEAN = "Did you mean"
    SAY_YES = "Say yes, or press 1. If not, say no, or press 2."
    UNKNOWN_NAME = "We did not find that name."
    BUSY = "The line is busy."
    NO_ANSWER = "Nobody answered."
    NOT_CONNECTED = "The call could not be connected."
    HOLD_THE_LINE = "Please hold the line. We connect you with a receptionist."
    BROKE_OFF = "We are sorry, the line broke off for a moment."
    NOBODY_FREE = "Nobody can take your call at the moment."


def place_words(place: int) -> str:
    """What a caller hears of their place in line, 1 the next."""
    return "You are next in line." if place <= 1 else f"You are number {place} in line."


def spoken_ahead() -> list[str]:
    """All that is spoken before the first call: sentences, and the first places in line."""
    places = [place_words(place) for place in range(1, PLACES_SPOKEN + 1)]
    return [*(sentence.value for sentence in Sentence), *places]
