"""What is wrong with a script: refused when it is published, and found by the doctor."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .content import Closing, Content, Send
from .fault import Fault, answer_faults, word_faults
from .step_faults import key_faults, step_faults
from .ways import asked_before

LEVEL_GONE = "Its escalation level is gone; choose another."


def faults(content: Content, known_levels: Collection[int]) -> list[Fault]:
    """All that keeps a script from being published, in the script's order.

    `known_levels` are the ids of the account's escalation levels. Without a fault every way through
    the script comes to an end, and at each end a closing holds.
    """
    return [
        *_greeting_faults(content),
        *step_faults(content),
        *_closing_faults(content, known_levels),
        *_relay_faults(content, known_levels),
        *_faq_faults(content),
    ]


def level_faults(content: Content, known_levels: Collection[int]) -> list[Fault]:
    """Of these, the closings and relay triggers whose escalation level is gone."""
    gone = [
        f"closings.{place}"
        for place, each in enumerate(content.closings)
        if each.send is Send.LEVEL and each.level_id is not None
        if each.level_id not in known_levels
    ]
    gone += [
        f"relays.{place}"
        for place, each in enumerate(content.relays)
        if each.level_id is not None and each.level_id not in known_levels
    ]
    return [Fault(where, LEVEL_GONE, "level_id") for where in gone]


def _greeting_faults(content: Content) -> Iterator[Fault]:
    if not content.greeting.strip():
        yield Fault("greeting", "There is no greeting; write what is said first.")
    yield from word_faults("greeting", "", content.greeting)


def _closing_faults(content: Content, known_levels: Collection[int]) -> Iterator[Fault]:
    if not content.closings:
        yield Fault("", "The script has no closing, so it cannot be finished; add one.")
        return
    asked = asked_before(content)[-1] or frozenset()
    gone = {each.where: each for each in level_faults(content, known_levels)}
    for place, closing in enumerate(content.closings):
        where = f"closings.{place}"
        yield from key_faults(where, closing.key, {each.key for each in content.closings[:place]})
        yield from word_faults(where, "say", closing.say)
        yield from _own_faults(closing, where)
        for condition in closing.when:
            yield from answer_faults(content, asked, where, condition.step, condition.answers)
        if where in gone:
            yield gone[where]
    yield from _order_faults(content)


def _own_faults(closing: Closing, where: str) -> Iterator[Fault]:
    if not closing.name.strip():
        yield Fault(where, "Say what this end is called.", "name")
    if closing.send is Send.LEVEL and closing.level_id is None:
        words = "It sends to an escalation level, and none is chosen; choose one."
        yield Fault(where, words, "level_id")


def _order_faults(content: Content) -> Iterator[Fault]:
    always = [place for place, each in enumerate(content.closings) if not each.when]
    if not always:
        words = (
            "On some answers no closing holds, so the script cannot be finished; add a last one "
            "without conditions."
        )
        yield Fault("", words)
        return
    for place in range(always[0] + 1, len(content.closings)):
        before = content.closings[always[0]].name
        words = f'It never comes to this: "{before}" holds always. Put this one before it.'
        yield Fault(f"closings.{place}", words, "when")


def _relay_faults(content: Content, known_levels: Collection[int]) -> Iterator[Fault]:
    asked = asked_before(content)[-1] or frozenset()
    gone = {each.where: each for each in level_faults(content, known_levels)}
    for place, relay in enumerate(content.relays):
        where = f"relays.{place}"
        yield from answer_faults(content, asked, where, relay.step, relay.answers)
        if where in gone:
            yield gone[where]


def _faq_faults(content: Content) -> Iterator[Fault]:
    for place, faq in enumerate(content.faqs):
        where = f"faqs.{place}"
        if not faq.question.strip():
            yield Fault(where, "Write the question.", "question")
        if not faq.answer.strip():
            yield Fault(where, "Write the answer.", "answer")
        yield from word_faults(where, "answer", faq.answer)
