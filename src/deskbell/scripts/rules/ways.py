"""All the ways through a script at once."""

from __future__ import annotations

from collections.abc import Mapping

from .content import END, Content, Kind
from .walking import place_after, places_of


def asked_before(content: Content) -> list[frozenset[str] | None]:
    """For each step, and last for the end: the keys of the steps that some way leads through
    before it; None where no way leads there.

    Branches are followed forwards only: one that goes back is a fault of its own.
    """
    places = places_of(content)
    found: list[set[str] | None] = [set(), *(None for _ in content.steps)]
    for here, step in enumerate(content.steps):
        before = found[here]
        if before is None:
            continue
        through = before | {step.key}
        for there in _followers(content, here, places):
            found[there] = through | (found[there] or set())
    return [None if each is None else frozenset(each) for each in found]


def _followers(content: Content, here: int, places: dict[str, int]) -> set[int]:
    step = content.steps[here]
    if step.kind is not Kind.BRANCH:
        return {here + 1}
    goals = {step.otherwise, *(case.go for case in step.cases)}
    there = {place_after(content, here, go, places) for go in goals}
    return {each for each in there if each > here}


def leads(content: Content, here: int, go: str, places: Mapping[str, int]) -> str:
    """What is wrong with where the branch at a place goes; empty where nothing is. `places` are
    those of the steps."""
    if go in {"", END}:
        return ""
    there = places.get(go)
    if there is None:
        return f'It goes to "{go}", which is no step; choose one that comes after it.'
    if there <= here:
        title = content.steps[there].title
        return f'It goes back to "{title}", so it might never end; choose a step after it.'
    return ""
