"""The documents that callers are served, as RCML verbs.

Every URL is absolute and every method is written, because carriers of the family differ in their
defaults (design, RCML reference, section 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from deskbell.rcml.verbs import (
    Conference,
    Dial,
    Document,
    Gather,
    Hangup,
    Number,
    Play,
    Record,
    Redirect,
    Say,
)
from deskbell.rcml.voices import language_of

from .configuration import MAX_TIMEOUT_SECONDS, Configuration, MenuRules, Sound
from .links import Links
from .sentences import Sentence
from .state import CallState

RECORD_MAX_SECONDS: Final = 120
RECORD_SILENCE_SECONDS: Final = 5
BETWEEN_KEYS_SECONDS: Final = 2  # a key of a menu waits so long, in case more follow
BETWEEN_DIGITS_SECONDS: Final = 3
RING_SECONDS: Final = 30
YES_OR_NO: Final = ("yes", "no", "yes please", "no thank you")


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

    `#` finishes nothing, so that it is a key like others: one that no menu has. Only where callers
    may enter extensions it ends them.
    """
    announcement = menu.announcement
    if announcement is None or not announcement.is_audible:
        announcement = configuration.sentence(Sentence.NO_ANNOUNCEMENT)
    sounds = (announcement,) if first is None else (first, announcement)
    seconds = _seconds(configuration, menu)
    gather = _gather(sounds, seconds, state, links)
    longest = configuration.longest_extension if configuration.direct_dialling else 0
    if longest > 1:
        wait = min(seconds, BETWEEN_KEYS_SECONDS)
        gather = replace(gather, num_digits=longest, post_timeout=wait)
    else:
        gather = replace(gather, num_digits=1, finish_on_key="", start_input_key="0123456789*#")
    return _asking(gather, state, links)


def extension_document(
    configuration: Configuration,
    menu: MenuRules,
    sounds: Sequence[Sound],
    state: CallState,
    links: Links,
) -> Document:
    """`sounds`, then keys until `#`, the length of the longest extension, or a wait."""
    seconds = _seconds(configuration, menu)
    gather = replace(
        _gather(sounds, seconds, state, links),
        num_digits=configuration.longest_extension,
        post_timeout=min(seconds, BETWEEN_DIGITS_SECONDS),
    )
    return _asking(gather, state, links)


def name_document(
    configuration: Configuration,
    menu: MenuRules,
    sounds: Sequence[Sound],
    state: CallState,
    links: Links,
) -> Document:
    """`sounds`, then speech; every name, then every number that can be said is a hint."""
    everybody = configuration.extensions.values()
    names = [name for extension in everybody for name in extension.names]
    numbers = [number for number in configuration.extensions if number.isdigit()]
    gather = replace(
        _gather(sounds, _seconds(configuration, menu), state, links),
        input="speech",
        language=language_of(sounds[-1].language),
        hints=tuple(dict.fromkeys([*names, *numbers])),
    )
    return _asking(gather, state, links)


def meant_document(
    configuration: Configuration,
    menu: MenuRules,
    sounds: Sequence[Sound],
    state: CallState,
    links: Links,
) -> Document:
    """`sounds`, which ask for yes or no, then one of them, said or pressed."""
    gather = replace(
        _gather(sounds, _seconds(configuration, menu), state, links),
        input="dtmf speech",
        num_digits=1,
        hints=YES_OR_NO,
    )
    return _asking(gather, state, links)


def _seconds(configuration: Configuration, menu: MenuRules) -> int:
    seconds = configuration.limits_of(menu).timeout_seconds or 1
    return max(1, min(seconds, MAX_TIMEOUT_SECONDS))


def _gather(sounds: Sequence[Sound], seconds: int, state: CallState, links: Links) -> Gather:
    return Gather(
        nested=tuple(heard(links, sound) for sound in sounds),
        action=links.step_url(state),
        timeout=seconds,
        action_on_empty_result=True,
    )


def _asking(gather: Gather, state: CallState, links: Links) -> Document:
    """Behind every Gather stands what reports silence where a carrier does not."""
    return Document((gather, Redirect(links.step_url(state, is_empty=True))))


def dial_document(
    numbers: Sequence[str], ringback: Sound | None, state: CallState, links: Links
) -> Document:
    """Rings `numbers` at once; the caller hears `ringback` meanwhile, or before where it is text.

    Behind it stands what reports that nothing came of it, for engines that cannot dial.
    """
    before, tone = [], ""
    if ringback is not None and ringback.is_audible:
        if ringback.prompt:
            tone = links.sound_url(ringback.prompt)
        else:
            before = [heard(links, ringback)]
    dial = Dial(
        nouns=tuple(Number(number) for number in numbers),
        action=links.step_url(state),
        timeout=RING_SECONDS,
        ringback_tone=tone,
    )
    return Document((*before, dial, Redirect(links.step_url(state, is_empty=True))))


def reception_document(
    first: Sound, room: str, state: CallState, links: Links, *, is_recorded: bool
) -> Document:
    """`first`, then the conference `room`, where the caller waits until a receptionist comes in.

    The caller holds it: with them it ends. Behind it stands what reports that an engine has none.
    """
    conference = Conference(
        room,
        beep=False,
        start_on_enter=False,
        end_on_exit=True,
        wait_url=links.wait_url(),
        record=is_recorded,
        recording_status_callback=links.recorded_url(room) if is_recorded else "",
    )
    dial = Dial(nouns=(conference,), action=links.step_url(state))
    nothing_came = Redirect(links.step_url(state, is_empty=True))
    return Document((heard(links, first), dial, nothing_came))


def voicemail_document(asking: Sequence[Sound], state: CallState, links: Links) -> Document:
    """`asking`, a tone, then the caller's message; silence leads to the Redirect."""
    record = Record(
        action=links.step_url(state),
        timeout=RECORD_SILENCE_SECONDS,
        finish_on_key="#",
        max_length=RECORD_MAX_SECONDS,
    )
    again = Redirect(links.step_url(state, is_empty=True))
    return Document((*(heard(links, sound) for sound in asking), record, again))


def closing_document(links: Links, last: Sound | None) -> Document:
    """`last` where there is one, then the end of the call."""
    if last is None:
        return Document((Hangup(),))
    return Document((heard(links, last), Hangup()))
