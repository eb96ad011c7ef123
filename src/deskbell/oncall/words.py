"""What the activities say about escalation, in words that the message's owner understands."""

from __future__ import annotations

from collections.abc import Sequence

from deskbell.foundation.durations import in_words


def way(label: str, name: str) -> str:
    """A method, by its transport's label, inside a sentence: `email to Bob`, `SMS to Rita`."""
    inside = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return f"{inside} to {name}"


def attempt(number: int, level: str, ways: Sequence[str]) -> str:
    """`ways` are the methods tried, as `email to Bob`."""
    return f"Attempt {number} on {level}: {', '.join(ways)}"


def attempt_by_fallback(number: int, level: str, ways: Sequence[str]) -> str:
    """Nobody was on call, so the fallback contact is tried."""
    return f"Nobody is on call on {level}; attempt {number} goes to the fallback: {', '.join(ways)}"


def nobody_on_call(level: str, following: str | None) -> str:
    """The level is left at once because nobody is there."""
    return f"Nobody is on call on {level}; {_onward(following)}"


def held(level: str) -> str:
    """The level waits for its next shift."""
    return f"Nobody is on call on {level} now; the message is held until somebody is"


def nobody_acknowledged(level: str, seconds: int, following: str | None) -> str:
    """The level is left after its wait."""
    return f"Nobody acknowledged on {level} within {in_words(seconds)}; {_onward(following)}"


def all_failed(level: str, following: str | None) -> str:
    """The level is left because no delivery of the attempt can arrive."""
    return f"Nothing could be delivered on {level}; {_onward(following)}"


NO_LEVELS = "No escalation level is set up, so nobody is called; the message waits in the portal"
LEVEL_GONE = "The escalation level was deleted; the message starts again"


def _onward(following: str | None) -> str:
    if following is None:
        return "no level follows, and the operator is told"
    return f"went on to {following}"
