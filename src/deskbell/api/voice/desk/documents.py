"""What those in the desk's calls hear, as documents. Pure: addresses are put in by the views.

Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from deskbell.attendant.rules import Sound
from deskbell.foundation.numbers import digits_of
from deskbell.rcml.verbs import (
    Conference,
    Dial,
    Document,
    Gather,
    Hangup,
    Pause,
    Play,
    Redirect,
    Say,
    Verb,
)

TAKES: Final = "1"
ROUNDS: Final = 3  # how often a number is asked to press 1; a voicemail box never does
_KEY_SECONDS: Final = 5
_QUIET_ROUND: Final = 15  # seconds, where there is no music yet


def waiting(sounds: Sequence[Play | Say], *, again: str = "") -> Document:
    """One round of waiting; `again` for an engine that does not ask again by itself."""
    heard: Sequence[Verb] = list(sounds) or [Pause(_QUIET_ROUND)]
    return Document((*heard, *([Redirect(again)] if again else [])))


def heard(sound: Sound, *, url: str) -> Play | Say:
    """The verb for a sound; `url` is where its prompt is fetched."""
    return Play(url) if sound.prompt else Say(sound.text)


def asking(words: Sequence[str], *, keys_url: str) -> Document:
    """`words`, then a key."""
    gather = Gather(
        nested=tuple(Say(each) for each in words if each),
        action=keys_url,
        num_digits=1,
        timeout=_KEY_SECONDS,
        finish_on_key="",
        action_on_empty_result=True,
    )
    return Document((gather, Redirect(keys_url)))


def joining(
    room: str, *, left_url: str, wait_url: str | None = None, before: Sequence[str] = ()
) -> Document:
    """`before`, then the room of a call, which goes on when who joins it leaves.

    With a `wait_url` it does not begin by their coming: they hear that until somebody else is in.
    """
    conference = Conference(
        room, beep=False, start_on_enter=wait_url is None, end_on_exit=False, wait_url=wait_url
    )
    said = (Say(each) for each in before)
    return Document((*said, Dial(nouns=(conference,), action=left_url)))


def caller_joining(room: str, *, left_url: str, wait_url: str, before: str) -> Document:
    """As `joining`, for the caller: with them the call is over."""
    conference = Conference(
        room, beep=False, start_on_enter=False, end_on_exit=True, wait_url=wait_url
    )
    return Document((Say(before), Dial(nouns=(conference,), action=left_url)))


def goodbye(words: str) -> Document:
    """Says it and hangs up."""
    return Document((Say(f"{words} Goodbye."), Hangup()))


def nothing() -> Document:
    """Hangs up."""
    return Document((Hangup(),))


def offer_words(account: str, *, to: str = "") -> str:
    """What a receptionist's number says: a call for an account, or their own one to `to`."""
    if to:
        return f"Your call for {account} to {spelled(to)}. Press 1 to begin."
    return f"A call for {account}. Press 1 to take it."


def patch_words(account: str, caller: str) -> str:
    """What who is on call hears before a caller is put through."""
    who = f" from {caller}" if caller else ""
    return f"This is {account}. There is a call for you{who}. Press 1 to take it."


def caller_words(name: str, number: str) -> str:
    """Who calls, in words: a name, else the number digit by digit; empty for nobody known."""
    return " ".join(name.split())[:80] or spelled(number)


def spelled(number: str) -> str:
    """A number digit by digit, in groups; empty for what is no number."""
    digits = digits_of(number)
    groups = [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)][::-1]
    return ", ".join(" ".join(group) for group in groups)
