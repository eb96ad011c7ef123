"""The picture of a recording, drawn when it is first looked at and kept in the cache.

An hour of audio takes a second to draw, and a list shows it again and again.
"""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from deskbell import speech
from deskbell.foundation.errors import NotFound

from .models import Recording

KEPT_FOR: Final = 31 * 24 * 3600


def waveform(recording: Recording) -> str:
    """The picture as SVG, with a symbol named `wave`; the same for the same audio.

    Reads the audio, and writes the cache. Raises NotFound for a recording whose audio is gone.
    """
    if not recording.audio:
        raise NotFound("The recording's audio is no longer kept")
    key = _key(recording)
    found: str | None = cache.get(key)
    if found is None:
        try:
            with recording.audio.open("rb") as file:
                found = speech.waveform(speech.read_wav(file.read()))
        except FileNotFoundError as error:
            raise NotFound("The recording's audio is no longer kept") from error
        cache.set(key, found, KEPT_FOR)
    return found


def forget(recordings: list[Recording]) -> None:
    """Removes the pictures of recordings from the cache."""
    cache.delete_many([_key(each) for each in recordings])


def _key(recording: Recording) -> str:
    return f"calls.wave.{recording.sid}.{recording.sha256[:16]}"
