"""How a script ends with its answers: which closing, and who gets the message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .content import Closing, Content, Relay, Send
from .walking import fits, path


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of a message. `closing` is None where a script has none that holds, as a draft
    may; the message then goes to the account's first level, as with `level_id` None."""

    closing: Closing | None
    level_id: int | None
    send: Send
    is_emergency: bool = False
    disposition: str = ""


def ending(content: Content, answers: Mapping[str, str]) -> Ending:
    """The first closing whose conditions hold, and the first relay trigger that does before it.

    Answers to steps that are not on the way through the script count for nothing.
    """
    asked = {step.key: answers.get(step.key, "") for step in path(content, answers) if step.asks}
    closing = next((each for each in content.closings if _holds(each, asked)), None)
    disposition = closing.disposition if closing else ""
    relay = _relay(content, asked)
    if relay is not None:
        return Ending(closing, relay.level_id, Send.LEVEL, relay.is_emergency, disposition)
    if closing is None:
        return Ending(None, None, Send.DEFAULT)
    level_id = closing.level_id if closing.send is Send.LEVEL else None
    return Ending(closing, level_id, closing.send, disposition=disposition)


def _holds(closing: Closing, asked: Mapping[str, str]) -> bool:
    return all(fits(asked.get(each.step, ""), each.answers) for each in closing.when)


def _relay(content: Content, asked: Mapping[str, str]) -> Relay | None:
    fitting = (each for each in content.relays if fits(asked.get(each.step, ""), each.answers))
    return next(fitting, None)
