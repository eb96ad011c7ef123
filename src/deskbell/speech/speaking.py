"""From text to what a telephone plays: a provider speaks, and its sound is fitted to the line."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from ..foundation.errors import InvalidInput
from . import registry
from .audio import from_pcm, resample, to_mulaw, to_pcm
from .errors import SpeechUnavailable
from .language import hosted_voice, language_tag
from .loudness import level, trim
from .provider import VOICES, Sound, Voice
from .text import clean

_LOG = logging.getLogger(__name__)
_stood_in: Counter[str] = Counter()
_lock = threading.Lock()


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
    `voice` is Man or Woman. A language that names a hosted engine is spoken by it where its keys
    are set, and here where it fails or is slow (6 s). Blocks for about a tenth of the speech's
    length, and for seconds more at a process's first English text; safe from any thread. The same
    text need not give the same bytes twice. Raises InvalidInput for what cannot be spoken,
    SpeechUnavailable where the engine is missing or fails.
    """
    tag, wanted, words = language_tag(language), voice_named(voice), clean(text)
    sound = _hosted(words, language=language, voice=wanted) or _here(words, tag, wanted)
    pcm = to_pcm(level(trim(resample(from_pcm(sound.pcm), sound.rate))))
    if not pcm:
        raise InvalidInput("There is nothing in this text that can be spoken", field="text")
    return pcm


def service_for(language: str) -> str:
    """The hosted engine that is to speak a language of this name; empty where none is."""
    engine, _ = hosted_voice(language)
    return engine if registry.hosted(engine) else ""


def stand_ins() -> int:
    """How often in this process an engine here spoke because the hosted one failed.

    Whoever keeps sound compares it before and after, so as not to keep what stood in.
    """
    with _lock:
        return _stood_in.total()


def _hosted(text: str, *, language: str, voice: Voice) -> Sound | None:
    """What a service speaks, where the language names one with keys; None where it fails."""
    engine, named = hosted_voice(language)
    service = registry.hosted(engine)
    if service is None:
        return None
    try:
        return service.synthesise(text, language=language_tag(language), voice=voice, named=named)
    except SpeechUnavailable as error:
        _LOG.warning("%s does not speak, an engine here does: %s", engine, error)
        with _lock:
            _stood_in[engine] += 1
        return None


def _here(text: str, language: str, voice: Voice) -> Sound:
    provider, spoken_by = registry.choose(registry.installed(), language=language, voice=voice)
    if spoken_by != voice:
        _LOG.warning("%s has no %s for %s; %s speaks", provider.name, voice, language, spoken_by)
    return provider.synthesise(text, language=language, voice=spoken_by)


def speak_mulaw(text: str, *, language: str = "en-US", voice: str = "Man") -> bytes:
    """As `speak`, as G.711 µ-law: 8000 bytes a second, the form in which prompts are played."""
    return to_mulaw(speak(text, language=language, voice=voice))
