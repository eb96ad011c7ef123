"""What a script means, in plain words: its branches, closings and relay triggers.

For people who read a script, and for receptionists whose browser runs no code of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from deskbell.scripts.rules import END, Closing, Condition, Content, Kind, Relay, Send, Step

Levels = Mapping[int, str]

GONE: Final = "an escalation level that is gone"
KINDS: Final = {
    Kind.SAY: "Something to say",
    Kind.TEXT: "Text",
    Kind.LONG_TEXT: "Long text",
    Kind.CHOICE: "Choice",
    Kind.DATE: "Date",
    Kind.PHONE: "Phone number",
    Kind.EMAIL: "Email address",
    Kind.YES_NO: "Yes or no",
    Kind.BRANCH: "Branch",
}
FIELDS: Final = {
    "first_name": "First name",
    "last_name": "Last name",
    "company_name": "Company name",
    "phone": "Phone",
    "alt_phone": "Other phone",
    "email": "Email",
    "address": "Address",
    "address2": "Address, second line",
    "city": "City",
    "state": "State",
    "zip": "ZIP",
    "content": "Message",
    "how_you_hear_about_us": "How they heard of you",
}


def either(answers: Iterable[str]) -> str:
    """Some answers of which one is enough: “Yes”, “Maybe” or “Later”."""
    quoted = [f"“{each}”" for each in answers]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def name_of(content: Content, key: str) -> str:
    """What a step is called: its label, where it has none its words, else its key."""
    step = content.step(key)
    return title_of(step) if step else key


def title_of(step: Step) -> str:
    """A step's label, where it has none the start of its words."""
    if step.label or not step.ask:
        return step.title
    return step.ask if len(step.ask) <= 60 else f"{step.ask[:57].rstrip()}…"


def destination(content: Content, go: str) -> str:
    """Where a branch goes on, inside a sentence."""
    if go == END:
        return "close the call"
    return f"go on with “{name_of(content, go)}”" if go else "go on with the next step"


def turns_of(content: Content, step: Step) -> list[str]:
    """A branch in sentences, the one for all other answers last."""
    if not step.on:
        return [f"Here, {destination(content, step.otherwise)}."]
    asked = name_of(content, step.on)
    lines = [
        f"If “{asked}” is {either(each.answers)}, {destination(content, each.go)}."
        for each in step.cases
    ]
    return [*lines, f"Otherwise {destination(content, step.otherwise)}."]


def conditions(content: Content, when: Iterable[Condition]) -> str:
    """What must be answered, inside a sentence; empty where nothing must."""
    return " and ".join(
        f"“{name_of(content, each.step)}” is {either(each.answers)}" for each in when
    )


def when_of(content: Content, closing: Closing) -> str:
    """When a call is closed this way, as the start of a line."""
    said = conditions(content, closing.when)
    return f"Where {said}" if said else "In every other case"


def sends_of(closing: Closing, levels: Levels) -> str:
    """Where the message goes after a closing, as a sentence."""
    match closing.send:
        case Send.LEVEL:
            return f"The message goes to {level_words(closing.level_id, levels)}."
        case Send.CHECK_IN:
            return "The message is kept until the client calls in, and is read out then."
        case Send.NOBODY:
            return "Nobody is told; the message waits in the portal."
        case _:
            return f"The message goes to {level_words(None, levels)}."


def relay_when(content: Content, relay: Relay) -> str:
    """Which answer a relay trigger is about, as the start of a line."""
    return f"Where “{name_of(content, relay.step)}” is {either(relay.answers)}"


def relay_sends(relay: Relay, levels: Levels) -> str:
    """Where a relay trigger sends the message, as a sentence."""
    mark = " as an emergency" if relay.is_emergency else ""
    return f"The message goes to {level_words(relay.level_id, levels)}{mark}."


def level_words(level_id: int | None, levels: Levels) -> str:
    """A level by its name, inside a sentence; None is the account's first."""
    if level_id is None:
        return "the first escalation level"
    name = levels.get(level_id)
    return f"“{name}”" if name else GONE
