"""What a To Do's call does, as documents: it speaks, again on key 1, and says goodbye. Pure."""

from __future__ import annotations

from typing import Final

from deskbell.delivery.transports.call.sentences import digit_by_digit
from deskbell.delivery.wording import one_line
from deskbell.rcml.verbs import Document, Gather, Hangup, Redirect, Say

ROUNDS: Final = 5
AGAIN: Final = "1"
_KEYS: Final = "To hear it again, press 1."
_WAIT: Final = 5
_LETTERS_A_SECOND: Final = 10
_LONGEST_NAME: Final = 80
_LONGEST: Final = 2100
_MOST_SECONDS: Final = 30 * 60


def spoken(account_name: str, instructions: str, *, keys_url: str) -> Document:
    """All of it to a person; key 1 asks `keys_url` for it again, as does silence for the end."""
    said = [*_sentences(account_name, instructions), _KEYS]
    gather = Gather(
        nested=tuple(Say(each) for each in said),
        action=keys_url,
        num_digits=1,
        timeout=_WAIT,
        finish_on_key="",
        action_on_empty_result=True,
    )
    return Document((gather, Redirect(keys_url)))


def left_with_machine(account_name: str, instructions: str) -> Document:
    """All of it to a voicemail that has beeped."""
    said = [*_sentences(account_name, instructions), "Goodbye."]
    return Document((*(Say(each) for each in said), Hangup()))


def goodbye() -> Document:
    """Says so and hangs up."""
    return Document((Say("Goodbye."), Hangup()))


def nothing() -> Document:
    """Hangs up."""
    return Document((Hangup(),))


def longest(instructions: str) -> int:
    """How many seconds a call may take: a greeting, and all of it as often as it can be heard."""
    once = len(instructions) // _LETTERS_A_SECOND + _WAIT + 20
    return min(60 + ROUNDS * once, _MOST_SECONDS)


def _sentences(account_name: str, instructions: str) -> list[str]:
    name = one_line(account_name, _LONGEST_NAME).rstrip(".")
    text = one_line(instructions, _LONGEST)
    return [f"This is {name}.", digit_by_digit(text)]
