"""What is wrong with who is on call: hours without anybody, and chains that end too soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from deskbell.foundation.dates import moment_words

from ..findings import Finding, Kind, Severity

LOOKED_AHEAD: Final = timedelta(days=14)
_MOST_NAMED: Final = 3

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Duty:
    """An escalation level as far as the doctor looks at it.

    `is_next`: another level leads to it. `has_net`: a fallback contact, or the wish to hold
    messages, catches what comes while nobody is on call. `spans` are the instants from and until
    which somebody is, in any order. `is_rung`: callers are transferred to whoever is on call;
    `has_phone`: somebody of them has a telephone.
    """

    level_id: int
    name: str
    has_next: bool = False
    is_next: bool = False
    repeat: int = 0
    has_net: bool = False
    spans: tuple[Span, ...] = ()
    is_rung: bool = False
    has_phone: bool = False


def examine(duties: Iterable[Duty], at: datetime, zone: ZoneInfo) -> Iterator[Finding]:
    """The findings about an account's levels for the 14 days from `at` (aware) on; hours are
    said in the account's zone."""
    for duty in duties:
        found = gaps(duty.spans, at, at + LOOKED_AHEAD)
        if found == [(at, at + LOOKED_AHEAD)]:
            yield _nobody(duty)
        elif found:
            yield _gaps(duty, found, zone)
        if duty.spans and duty.is_rung and not duty.has_phone:
            yield _no_phone(duty)
        if not duty.has_next and not duty.repeat:
            yield _ends(duty)


def gaps(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """The spans between two instants that none of `spans` covers, in order."""
    found: list[Span] = []
    reached = since
    for start, end in sorted(spans):
        if start >= until:
            break
        if start > reached:
            found.append((reached, start))
        reached = max(reached, end)
    if reached < until:
        found.append((reached, until))
    return found


def _nobody(duty: Duty) -> Finding:
    return _finding(
        duty,
        Severity.WARNING if duty.has_net else Severity.ERROR,
        "level_without_shift",
        f'Nobody is on call on "{duty.name}" in the next 14 days.',
        "Add somebody to its calendar.",
    )


def _gaps(duty: Duty, found: list[Span], zone: ZoneInfo) -> Finding:
    named = [f"{_moment(start, zone)} to {_moment(end, zone)}" for start, end in found]
    if len(named) > _MOST_NAMED:
        named = [*named[:_MOST_NAMED], f"{len(found) - _MOST_NAMED} more times"]
    net = " Its fallback or the next shift gets what comes then." if duty.has_net else ""
    return _finding(
        duty,
        Severity.HINT if duty.has_net else Severity.WARNING,
        "level_with_gaps",
        f'Nobody is on call on "{duty.name}" at times: {"; ".join(named)}.{net}',
        "Fill the gaps, name a fallback, or hold messages until the next shift.",
    )


def _no_phone(duty: Duty) -> Finding:
    return _finding(
        duty,
        Severity.WARNING,
        "level_without_phone",
        f'Callers are transferred to whoever is on call on "{duty.name}", and nobody who is in the '
        "next 14 days has a phone: they are asked for a message at once.",
        "Put somebody on call with a delivery method that is a call.",
    )


def _ends(duty: Duty) -> Finding:
    return _finding(
        duty,
        Severity.HINT if duty.is_next else Severity.WARNING,
        "chain_ends",
        f'On "{duty.name}" a message is sent once, and no level follows: where nobody acknowledges '
        "it, it goes no further.",
        "Let the level repeat, or name the level that follows.",
    )


def _finding(duty: Duty, severity: Severity, code: str, words: str, advice: str) -> Finding:
    return Finding(severity, code, Kind.LEVEL, str(duty.level_id), "", words, advice)


def _moment(instant: datetime, zone: ZoneInfo) -> str:
    return moment_words(instant.astimezone(zone))
