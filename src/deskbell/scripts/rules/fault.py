"""One thing that is wrong with a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .content import Content, Step
from .speaking import VARIABLES, unknown_variables


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `where` is the part: `greeting`, `steps.0`, `closings.1`, `relays.0`, `faqs.2` (counted from 0
    in their order), or empty for the whole. `field` is the part's own field where the fault is in
    one. `words` say what is wrong and what would be right.
    """

    where: str
    words: str
    field: str = ""


def word_faults(where: str, field: str, text: str) -> Iterator[Fault]:
    """Variables in words to say that there are none of."""
    for unknown in unknown_variables(text):
        known = ", ".join(f"{{{each}}}" for each in VARIABLES)
        yield Fault(where, f"There is no {{{unknown}}}; there are {known}.", field)


def answer_faults(
    content: Content, asked: frozenset[str], where: str, key: str, answers: tuple[str, ...]
) -> Iterator[Fault]:
    """What is wrong with something that depends on the answer to a step: `asked` are the keys of
    the steps that may be asked before it."""
    step = content.step(key)
    if step is None:
        words = f'It looks at "{key}", which is no step' if key else "It looks at no step"
        yield Fault(where, f"{words}; choose one that asks something.", "step")
    elif not step.asks:
        yield Fault(where, f'"{step.title}" asks nothing; choose a step that does.', "step")
    elif key not in asked:
        words = f'"{step.title}" is never asked before this; choose a step that is.'
        yield Fault(where, words, "step")
    else:
        yield from _value_faults(where, step, answers)


def _value_faults(where: str, step: Step, answers: tuple[str, ...]) -> Iterator[Fault]:
    if not any(each.strip() for each in answers):
        yield Fault(where, f'Say on which answers to "{step.title}".', "answers")
    allowed = {each.strip().casefold() for each in step.choices}
    for each in answers if allowed else ():
        if each.strip().casefold() not in allowed:
            choices = ", ".join(step.choices)
            words = f'"{each}" is no answer to "{step.title}"; there are: {choices}.'
            yield Fault(where, words, "answers")
