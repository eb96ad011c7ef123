"""Languages and voices to choose from, in words that people know."""

from __future__ import annotations

import itertools
from collections.abc import Collection

from deskbell import speech
from deskbell.attendant.rules import DEFAULT_LANGUAGE, DEFAULT_VOICE
from deskbell.foundation.errors import InvalidInput

VOICES = {"Man": "Man", "Woman": "Woman"}
Choices = list[tuple[str, str]]


def tag_of(language: str) -> str:
    """The tag that a language's name means; the default's for none and for what is not spoken."""
    try:
        return speech.language_tag(language) if language else speech.language_tag(DEFAULT_LANGUAGE)
    except InvalidInput:
        return speech.language_tag(DEFAULT_LANGUAGE)


def voice_of(voice: str) -> str:
    """`Man` or `Woman`, whatever its case; the default for none."""
    return voice.title() if voice.title() in VOICES else DEFAULT_VOICE


def language_choices(used: Collection[str] = ()) -> list[tuple[str, Choices]]:
    """Every language in groups: those in use, then languages of several countries, then others."""
    names = speech.languages()
    here = sorted({tag_of(each) for each in used}, key=lambda tag: names[tag])
    groups: list[tuple[str, Choices]] = []
    if here:
        groups.append(("Used here", [(tag, names[tag]) for tag in here]))
    rest = [(tag, name) for tag, name in names.items() if tag not in here]
    others: Choices = []
    for language, found in itertools.groupby(rest, key=lambda each: each[1].partition(" (")[0]):
        members = list(found)
        if len(members) > 1:
            groups.append((language, members))
        else:
            others += members
    return [*groups, ("More languages", others)]


def language_name(language: str) -> str:
    """A language in words."""
    return speech.languages().get(tag_of(language), language)
