"""How much past a demo has: a working day's, or what a large business leaves behind.

All of it lies within what is kept: nobody may keep messages for more than 180 days.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from .cast import ACME, BROOK, CALLERS, Caller

_AREAS = ("212", "312", "347", "646", "718", "917", "213", "404", "415", "503", "617", "702")
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True, slots=True)
class Scale:
    """How many calls there were, and what became of them; shares are of 1."""

    calls: int = 1
    callers: tuple[Caller, ...] = CALLERS
    told: float = 0.36
    newest: int = 10
    forgotten: float = 0.0
    failed: float = 0.0
    recorded: float = 1.0
    has_references: bool = False
    _by_phone: dict[str, Caller] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_phone", {each.phone: each for each in self.callers})

    def caller_at(self, phone: str) -> Caller:
        """Who calls from this number."""
        return self._by_phone[phone]

    def detailed(self, reason: str, chance: random.Random) -> str:
        """What a caller says; in a large demo with a word that nearly no other says."""
        if not self.has_references:
            return reason
        letters = "".join(chance.choices(_LETTERS, k=3))
        return f"{reason} The reference is {letters}{chance.randint(1000, 9999)}."


def _crowd() -> Iterator[Caller]:
    """A caller for each number of every area that is left free for fiction."""
    named = [each for each in CALLERS if each.first_name]
    for place, area in enumerate(_AREAS):
        for line in range(100, 200):
            first, last = named[line % len(named)], named[(line // 7 + place) % len(named)]
            company = first.company if line % 3 == 0 else ""
            yield Caller(first.first_name, last.last_name, f"+1{area}5550{line}", company)


USUAL = Scale()
_LARGE = Scale(
    calls=98,
    callers=tuple(_crowd()),
    told=0.75,
    newest=240,
    forgotten=0.002,
    failed=0.004,
    recorded=0.25,
    has_references=True,
)
LARGE = {
    ACME.number: _LARGE,
    BROOK.number: Scale(calls=4, callers=_LARGE.callers, has_references=True),
}
