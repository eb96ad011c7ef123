"""Which steps are asked, one after the other, with the answers that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .content import END, Content, Kind, Step


def path(content: Content, answers: Mapping[str, str]) -> list[Step]:
    """The steps that a receptionist goes through with these answers, in order, branches left out.

    Any content can be walked, also a draft with faults: what leads nowhere leads to the next step,
    and who comes to a step twice has come to the end.
    """
    places = places_of(content)
    found: list[Step] = []
    seen: set[int] = set()
    here = 0
    while here < len(content.steps) and here not in seen:
        seen.add(here)
        step = content.steps[here]
        if step.kind is Kind.BRANCH:
            here = place_after(content, here, goes(step, answers.get(step.on, "")), places)
        else:
            found.append(step)
            here += 1
    return found


def goes(branch: Step, answer: str) -> str:
    """Where a branch goes on an answer: a key, `end`, or empty for the next step."""
    return next((case.go for case in branch.cases if fits(answer, case.answers)), branch.otherwise)


def fits(answer: str, answers: Iterable[str]) -> bool:
    """Whether an answer is one of several: capitals and blanks around it make no difference."""
    given = answer.strip().casefold()
    return bool(given) and given in {each.strip().casefold() for each in answers}


def places_of(content: Content) -> dict[str, int]:
    """Where each key stands among the steps; the first, where a draft has two of one."""
    return {step.key: place for place, step in reversed(list(enumerate(content.steps)))}


def place_after(content: Content, here: int, go: str, places: Mapping[str, int]) -> int:
    """The place that follows: `len(content.steps)` at the end, the next where `go` is nowhere."""
    return len(content.steps) if go == END else places.get(go, here + 1)
