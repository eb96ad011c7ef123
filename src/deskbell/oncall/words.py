"""What the activities say about escalation, in words that the message's owner understands."""

from __future__ import annotations

from collections.abc import Sequence

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.registry import transports
from deskbell.foundation.durations import in_words

from .rules.chains import Happening, Kind, Why

NO_LEVELS = "No escalation level is set up, so nobody is called; the message waits in the portal"
LEVEL_GONE = "The escalation level was deleted; the message starts again"


def told(happening: Happening[DeliveryMethod], *, by: str = "") -> str:
    """One thing that happens on a message's way; `by` is who passed it on, and from where."""
    if happening.rung is None:
        return NO_LEVELS
    name = happening.rung.name
    match happening.kind:
        case Kind.ATTEMPT:
            return attempt(happening.attempt, name, ways(happening.methods))
        case Kind.FALLBACK:
            return attempt_by_fallback(happening.attempt, name, ways(happening.methods))
        case Kind.HELD:
            return held(name)
        case Kind.STARTED_AGAIN:
            return LEVEL_GONE
    following = happening.following.name if happening.following else None
    return f"{_reason(happening, name, by)}; {_onward(following)}"


def ways(methods: Sequence[DeliveryMethod]) -> list[str]:
    """Methods with their contacts: `email to Bob`."""
    labels = transports()
    return [
        way(labels[each.kind].label if each.kind in labels else each.kind, each.contact.name)
        for each in methods
    ]


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


def held(level: str) -> str:
    """The level waits for its next shift."""
    return f"Nobody is on call on {level} now; the message is held until somebody is"


def nobody_follows(by: str, level: str) -> str:
    """Somebody wanted to pass the message on from the last level."""
    return f"{by} would pass it on, but no level follows {level}"


def passed_on(last: Happening[DeliveryMethod]) -> str:
    """For whoever passed a message on: what came of it."""
    if last.kind is Kind.EXHAUSTED or last.rung is None:
        return "Nobody else is on call; the operator is told."
    if last.kind is Kind.HELD:
        return f"It waits until somebody is on call on {last.rung.name}."
    return f"It went on to {last.rung.name}: {', '.join(ways(last.methods))}."


def sent_again(level: str, by: str) -> str:
    """Somebody had the message start again at a level."""
    return f"Sent to {level} again by {by}" if by else f"Sent to {level} again"


def _reason(happening: Happening[DeliveryMethod], level: str, by: str) -> str:
    match happening.why:
        case Why.UNANSWERED:
            return f"Nobody acknowledged on {level} within {in_words(happening.waited)}"
        case Why.FAILED:
            return f"Nothing could be delivered on {level}"
        case Why.PASSED_ON:
            return f"{by or 'Somebody'} passed it on from {level}"
        case Why.DELETED:
            return f"The level {level} is deleted"
        case _:
            return f"Nobody is on call on {level}"


def _onward(following: str | None) -> str:
    if following is None:
        return "no level follows, and the operator is told"
    return f"went on to {following}"
