"""Whether a script's content can be kept as a draft: a draft may have faults, but not any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text

from .content import Closing, Content, Step

LONGEST_KEY: Final = 64
LONGEST_LABEL: Final = 200
LONGEST_WORDS: Final = 4_000
LONGEST_DISPOSITION: Final = 64
MOST_STEPS: Final = 200
MOST_PARTS: Final = 100
LONGEST_SCRIPT: Final = 400_000

_Piece = tuple[str, str, int]  # its name in words, the text, how long it may be


def check_keepable(content: Content) -> None:
    """Raises InvalidInput where a part, or the whole, is too long, there are too many of a kind, or
    a text has characters that cannot be kept."""
    _count("steps", content.steps, MOST_STEPS)
    _count("closings", content.closings, MOST_PARTS)
    _count("relay triggers", content.relays, MOST_PARTS)
    _count("FAQ", content.faqs, MOST_PARTS)
    length = 0
    for name, text, most in _pieces(content):
        length += len(checked_text(text, field=name, most=most))
    if length > LONGEST_SCRIPT:
        raise InvalidInput(
            f"A script has at most {LONGEST_SCRIPT:,} characters in all; not {length:,}"
        )


def _count(name: str, parts: Sequence[object], most: int) -> None:
    if len(parts) > most:
        raise InvalidInput(f"A script has at most {most} {name}; not {len(parts)}", field=name)


def _pieces(content: Content) -> Iterator[_Piece]:
    yield "The greeting", content.greeting, LONGEST_WORDS
    for step in content.steps:
        yield from _of_step(step)
    for closing in content.closings:
        yield from _of_closing(closing)
    for relay in content.relays:
        yield "A relay trigger's step", relay.step, LONGEST_KEY
        yield from _answers("A relay trigger's answers", relay.answers)
    for faq in content.faqs:
        yield "A question", faq.question, LONGEST_LABEL
        yield "An answer", faq.answer, LONGEST_WORDS


def _of_step(step: Step) -> Iterator[_Piece]:
    yield "A step's key", step.key, LONGEST_KEY
    yield "A step's label", step.label, LONGEST_LABEL
    yield "A step's words", step.ask, LONGEST_WORDS
    yield "A step's field", step.field, LONGEST_KEY
    yield "A branch's step", step.on, LONGEST_KEY
    yield "A branch's way", step.otherwise, LONGEST_KEY
    yield from _answers("A step's options", step.options)
    _count("cases in a branch", step.cases, MOST_PARTS)
    for case in step.cases:
        yield "A branch's way", case.go, LONGEST_KEY
        yield from _answers("A branch's answers", case.answers)


def _of_closing(closing: Closing) -> Iterator[_Piece]:
    yield "A closing's key", closing.key, LONGEST_KEY
    yield "A closing's name", closing.name, LONGEST_LABEL
    yield "A closing's words", closing.say, LONGEST_WORDS
    yield "A closing's disposition", closing.disposition, LONGEST_DISPOSITION
    _count("conditions in a closing", closing.when, MOST_PARTS)
    for condition in closing.when:
        yield "A condition's step", condition.step, LONGEST_KEY
        yield from _answers("A condition's answers", condition.answers)


def _answers(name: str, answers: Sequence[str]) -> Iterator[_Piece]:
    _count(name.partition("'s ")[2] or name, answers, MOST_PARTS)
    yield from ((name, answer, LONGEST_LABEL) for answer in answers)
