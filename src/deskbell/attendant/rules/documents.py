"""The documents that callers are served, as RCML verbs.

Every URL is absolute and every method is written, because carriers of the family differ in their
defaults (design, RCML reference, section 10).
"""

from __future__ import annotations

from typing import Final

from deskbell.rcml.verbs import Document, Gather, Hangup, Play, Record, Redirect, Say

from .configuration import MAX_TIMEOUT_SECONDS, Configuration, MenuRules, Sound
from .links import Links
from .sentences import Sentence
from .state import CallState

RECORD_MAX_SECONDS: Final = 120
RECORD_SILENCE_SECONDS: Final = 5


def heard(links: Links, sound: Sound) -> Play | Say:
    """The verb that makes a sound heard: its prompt, or its text where it has none yet."""
    if sound.prompt:
        return Play(links.sound_url(sound.prompt))
    return Say(sound.text, voice=sound.voice.lower() or "man", language=sound.language or "en")


def menu_document(
    configuration: Configuration,
    menu: MenuRules,
    state: CallState,
    links: Links,
    *,
    first: Sound | None = None,
) -> Document:
    """`first` where there is one, then the menu, then silence until its time is up.

    `#` finishes nothing, so that it is a key like others: one that no menu has.
    """
    announcement = menu.announcement
    if announcement is None or not announcement.is_audible:
        announcement = configuration.sentence(Sentence.NO_ANNOUNCEMENT)
    sounds = [sound for sound in (first, announcement) if sound is not None]
    seconds = configuration.limits_of(menu).timeout_seconds or 1
    gather = Gather(
        nested=tuple(heard(links, sound) for sound in sounds),
        action=links.step_url(state),
        timeout=max(1, min(seconds, MAX_TIMEOUT_SECONDS)),
        finish_on_key="",
        start_input_key="0123456789*#",
        num_digits=1,
        action_on_empty_result=True,
    )
    return Document((gather, Redirect(links.step_url(state, is_empty=True))))


def voicemail_document(asking: Sound, state: CallState, links: Links) -> Document:
    """`asking`, a tone, then the caller's message; silence leads to the Redirect."""
    record = Record(
        action=links.step_url(state),
        timeout=RECORD_SILENCE_SECONDS,
        finish_on_key="#",
        max_length=RECORD_MAX_SECONDS,
    )
    again = Redirect(links.step_url(state, is_empty=True))
    return Document((heard(links, asking), record, again))


def closing_document(links: Links, last: Sound | None) -> Document:
    """`last` where there is one, then the end of the call."""
    if last is None:
        return Document((Hangup(),))
    return Document((heard(links, last), Hangup()))
