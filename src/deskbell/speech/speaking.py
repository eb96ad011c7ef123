"""From text to what a telephone plays: a provider speaks, and its sound is fitted to the line."""

from __future__ import annotations

import logging

from ..foundation.errors import InvalidInput
from . import registry
from .audio import from_pcm, resample, to_mulaw, to_pcm
from .language import language_tag
from .loudness import level, trim
from .provider import VOICES, Voice
from .text import clean

_LOG = logging.getLogger(__name__)


def voice_named(name: str) -> Voice:
    """`Man` or `Woman`, in any case of letters. Raises InvalidInput for anything else.

    Source: RCML reference §4 (Say, voice).
    """
    for voice in VOICES:
        if name.casefold() == voice.casefold():
            return voice
    raise InvalidInput(f"A voice is Man or Woman; not {name!r}", field="voice")


def speak(text: str, *, language: str = "en-US", voice: str = "Man") -> bytes:
    """`text` spoken: PCM16 little-endian, mono, 8 kHz, levelled, without silence at its edges.

    `text` is plain (no SSML), at most 5000 characters; `language` is what `language_tag` takes;
    `voice` is Man or Woman. Blocks for about a tenth of the speech's length, and for seconds more
    at a process's first English text; safe from any thread. The same text need not give the same
    bytes twice. Raises InvalidInput for what cannot be spoken, SpeechUnavailable where the engine
    is missing or fails.
    """
    tag, wanted, words = language_tag(language), voice_named(voice), clean(text)
    provider, spoken_by = registry.choose(registry.installed(), language=tag, voice=wanted)
    if spoken_by != wanted:
        _LOG.warning("%s has no %s for %s; %s speaks", provider.name, wanted, tag, spoken_by)
    sound = provider.synthesise(words, language=tag, voice=spoken_by)
    pcm = to_pcm(level(trim(resample(from_pcm(sound.pcm), sound.rate))))
    if not pcm:
        raise InvalidInput(f"{provider.name} finds nothing to speak in this text", field="text")
    return pcm


def speak_mulaw(text: str, *, language: str = "en-US", voice: str = "Man") -> bytes:
    """As `speak`, as G.711 µ-law: 8000 bytes a second, the form in which prompts are played."""
    return to_mulaw(speak(text, language=language, voice=voice))
