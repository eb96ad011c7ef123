"""What a form that was filled in says: the message it becomes, before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deskbell.scripts.rules import Content, Ending, Send, ending, read_answers, tidied

NO_MESSAGE = "The caller left no message"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as a message: its `content`, its `answers` in the script's order, the message's own
    `fields`, how the script ends with these answers, and what is wrong (key and words).

    An answer that fills a field of the message's own is named as that field, any other by the key
    of its step (seed 000, "Messages API v2", the example's answers).
    """

    content: str
    answers: dict[str, str]
    fields: dict[str, str]
    ending: Ending
    faults: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the receptionist wants beside what the script says: a level, a disposition, or that the
    message is kept until the client calls in. Keeping wins over a level, and both over the script.
    """

    level_id: int | None = None
    disposition: str = ""
    for_check_in: bool = False

    def holds(self, end: Ending) -> bool:
        """Whether the message is kept until the client calls in."""
        return self.for_check_in or (self.level_id is None and end.send is Send.CHECK_IN)

    def type_of_none(self, end: Ending) -> str:
        """Which kind of call it was that nobody is told of; empty where somebody is."""
        if self.for_check_in or self.level_id is not None or end.send is not Send.NOBODY:
            return ""
        return (end.closing.name if end.closing else "") or NO_MESSAGE


def filled(
    content: Content, answers: Mapping[str, str], *, left: Mapping[str, str], region: str
) -> Filled:
    """What a script's form says.

    `left` are answers that were kept before and that no step of the script asks for any more, as
    where the script was deleted meanwhile: they stand after the others, so that nothing is lost.
    """
    found = read_answers(content, answers, region=region)
    end = ending(content, found.answers)
    told = dict(found.fields)
    text = told.pop("content", "") or _composed(content, found.answers, end)
    return Filled(text, _named(content, found.answers) | dict(left), told, end, found.faults)


def kept(content: Content, answers: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """What is saved of a form: answers to the script's steps, in its order, and what was saved
    before and no step asks for any more. Answers to other steps are left out."""
    asked = {
        step.key: tidied(answers[step.key])
        for step in content.steps
        if step.asks and step.key in answers
    }
    return asked | left_over(content, answers, before)


def left_over(
    content: Content, answers: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    """Answers that were saved before and that no step asks for any more, as they are given now;
    as they were where they are not."""
    keys = {step.key for step in content.steps}
    left = {key: tidied(answers.get(key, text)) for key, text in before.items() if key not in keys}
    return {key: text for key, text in left.items() if text}


def _named(content: Content, answers: Mapping[str, str]) -> dict[str, str]:
    keys = {step.key for step in content.steps}
    names = {
        step.key: step.field if step.field and step.field not in keys else step.key
        for step in content.steps
    }
    return {names[key]: text for key, text in answers.items()}


def _composed(content: Content, answers: Mapping[str, str], end: Ending) -> str:
    """The content of a message whose script asks for none: what was answered beside the message's
    own fields, a line each, else how it ended."""
    titles = {step.key: step.title for step in content.steps if not step.field}
    lines = [f"{titles[key]}: {text}" for key, text in answers.items() if text and key in titles]
    return "\n".join(lines) or (end.closing.name if end.closing else "") or NO_MESSAGE
