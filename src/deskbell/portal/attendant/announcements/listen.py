"""Typed text, spoken at once for whoever types it; callers hear what is published, not this."""

from __future__ import annotations

import functools
from datetime import datetime

from django.core.cache import cache

from deskbell import speech
from deskbell.foundation.errors import InvalidInput

MOST_CHARACTERS = 1000
A_MINUTE = 20
REMEMBERED = 8


class TooOften(InvalidInput):
    """This person has listened too often within a minute."""


def spoken(text: str, language: str, voice: str) -> bytes:
    """`text` as a WAV file. Blocks while it is spoken.

    Raises InvalidInput for what cannot be spoken or is longer than MOST_CHARACTERS, and
    SpeechUnavailable where nothing here can speak it.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(
            f"Listen takes up to {MOST_CHARACTERS} characters; this text has {len(text)}. "
            "Shorten it to listen; callers hear all of it.",
            field="body",
        )
    if not any(character.isalnum() for character in text):
        raise InvalidInput("Type some words first; there is nothing to speak yet", field="body")
    return _spoken(text, language or "en-US", voice or "Man")


@functools.lru_cache(maxsize=REMEMBERED)
def _spoken(text: str, language: str, voice: str) -> bytes:
    return speech.write_wav(speech.speak(text, language=language, voice=voice))


def count_listening(user_id: int, *, at: datetime) -> None:
    """Counts one listening of a person. Raises TooOften past A_MINUTE in one minute."""
    key = f"portal.listen.{user_id}.{at:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > A_MINUTE:
        raise TooOften(f"You can listen {A_MINUTE} times a minute; wait a moment, then try again")
