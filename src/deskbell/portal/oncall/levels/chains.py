"""Chains of escalation levels as people read them: boxes in order, with their waits in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deskbell.foundation.durations import in_words
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.rules import Waits


@dataclass(frozen=True, slots=True)
class Box:
    """A level of a chain.

    `after` is how long after the message the level begins, as people read it; `tries` and `then`
    say what it does. `back` is said where the chain leads back from here.
    """

    level: EscalationLevel
    after: str
    tries: str
    then: str
    back: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Levels that follow each other, from one that nothing leads to."""

    boxes: Sequence[Box]

    @property
    def starts(self) -> EscalationLevel:
        """Its first level."""
        return self.boxes[0].level


def chains_of(levels: Sequence[EscalationLevel]) -> list[Chain]:
    """Every chain of an account's levels, which come in their order.

    A chain starts at a level that none leads to; where all are in a circle, at the first of it.
    """
    by_id = {each.pk: each for each in levels}
    led_to = {each.next_level_id for each in levels}
    starts = [each for each in levels if each.pk not in led_to]
    chains, seen = [], set[int]()
    for start in (*starts, *levels):
        if start in starts or start.pk not in seen:
            chain = chain_from(start, by_id)
            chains.append(chain)
            seen |= {box.level.pk for box in chain.boxes}
            starts = [each for each in starts if each is not start]
    return chains


def chain_from(start: EscalationLevel, by_id: Mapping[int, EscalationLevel]) -> Chain:
    """The chain from a level to its end, or to where it leads back."""
    return Chain(list(_boxes(start, by_id)))


def _boxes(start: EscalationLevel, by_id: Mapping[int, EscalationLevel]) -> Iterator[Box]:
    seen: set[int] = set()
    level: EscalationLevel | None = start
    offset = 0
    while level is not None and level.pk not in seen:
        seen.add(level.pk)
        following = by_id.get(level.next_level_id or 0)
        is_back = following is not None and following.pk in seen
        yield Box(
            level=level,
            after=f"after {in_words(offset)}" if offset else "at once",
            tries=tries_words(level),
            then=then_words(level, following),
            back=back_words(level, following) if is_back else "",
        )
        offset += lasts(level, is_last=following is None)
        level = following


def lasts(level: EscalationLevel, *, is_last: bool) -> int:
    """Seconds from a level's first attempt until it is left."""
    waits = Waits(level.repeat, level.repeat_seconds, level.wait_seconds, is_last=is_last)
    return level.repeat * level.repeat_seconds + waits.leaving


def tries_words(level: EscalationLevel) -> str:
    """How often everybody on call is tried."""
    if not level.repeat:
        return "Everybody on call is tried once"
    times, apart = level.repeat + 1, in_words(level.repeat_seconds)
    return f"Everybody on call is tried {times} times, {apart} apart"


def then_words(level: EscalationLevel, following: EscalationLevel | None) -> str:
    """What comes when nobody acknowledged."""
    if following is None:
        waits = Waits(level.repeat, level.repeat_seconds, level.wait_seconds, is_last=True)
        return f"{in_words(waits.leaving)} later the chain ends, and the operator is told"
    if not level.wait_seconds:
        return f"then at once on to {following.name}"
    return f"{in_words(level.wait_seconds)} later on to {following.name}"


def back_words(level: EscalationLevel, following: EscalationLevel | None) -> str:
    """What it means that a chain leads back from a level to an earlier one."""
    if following is None:
        return ""
    if not level.loops:
        return f"This leads back to {following.name} without saying how often: the chain ends here"
    times = "once" if level.loops == 1 else f"up to {level.loops} times"
    return f"Leads back to {following.name} {times}; after that the chain ends here"
