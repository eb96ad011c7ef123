"""From text to what a telephone plays: a provider speaks, and its sound is fitted to the line."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Sequence

import numpy as np

from ..foundation.errors import InvalidInput
from ..rcml.ssml import Piece, Spoken, for_service, pieces
from . import registry
from .audio import RATE, Samples, from_pcm, resample, to_mulaw, to_pcm
from .errors import SpeechUnavailable
from .language import hosted_voice, language_tag
from .loudness import EDGE_AFTER, EDGE_BEFORE, amplified, level, trim
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


def speak(text: str, *, language: str = "en-US", voice: str = "Man", ssml: str = "") -> bytes:
    """`text` spoken: PCM16 little-endian, mono, 8 kHz, levelled, without silence at its edges.

    `text` is plain, at most 5000 characters. `ssml`, where given, is the same with marks and is
    spoken instead: its pauses last exactly so long, from word to word, and what cannot be read in
    it is spoken as its text. `language` is what `language_tag` takes; `voice` is Man or Woman. A
    language that names a hosted engine is spoken by it where its keys are set, and here where it
    fails or is slow (6 s). Blocks for about a tenth of the speech's length, and for seconds more at
    a process's first English text; safe from any thread. The same text need not give the same bytes
    twice. Raises InvalidInput for what cannot be spoken, SpeechUnavailable where the engine is
    missing or fails.
    """
    tag, wanted = language_tag(language), voice_named(voice)
    found = pieces(ssml, language=tag) if ssml else (Spoken(text),)
    words = " ".join(piece.text for piece in found if isinstance(piece, Spoken))
    if words or not found:
        words = clean(words)
    sound = _hosted(words, language=language, voice=wanted, ssml=ssml) if words else None
    if sound and ssml:
        samples = resample(from_pcm(sound.pcm), sound.rate)  # its pauses and loudness are meant
    else:
        samples = _fitted(sound) if sound else _in_pieces(found, tag, wanted)
    pcm = to_pcm(samples)
    if not pcm:
        raise InvalidInput("There is nothing in this text that can be spoken", field="text")
    return pcm


def _fitted(sound: Sound) -> Samples:
    """On the line: at its rate, equally loud, from word to word."""
    return level(trim(resample(from_pcm(sound.pcm), sound.rate)))


def _in_pieces(found: Sequence[Piece], language: str, voice: Voice) -> Samples:
    """Piece by piece; what `trim` keeps at the edges of words is part of the pauses between."""
    parts: list[Samples] = []
    for at, piece in enumerate(found):
        if isinstance(piece, Spoken):
            parts.append(_piece(piece, language, voice))
        else:
            edges = (EDGE_AFTER if at else 0.0) + (EDGE_BEFORE if at + 1 < len(found) else 0.0)
            seconds = max(0.0, piece.seconds - edges)
            parts.append(np.zeros(round(seconds * RATE), np.float32))
    return np.concatenate([np.zeros(0, np.float32), *parts])


def _piece(piece: Spoken, language: str, voice: Voice) -> Samples:
    manner, words = piece.manner, clean(piece.text)
    sound = _here(words, language, voice, rate=manner.rate, pitch=manner.pitch)
    return amplified(_fitted(sound), manner.volume)


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


def _hosted(text: str, *, language: str, voice: Voice, ssml: str) -> Sound | None:
    """What a service speaks, where the language names one with keys; None where it fails."""
    engine, named = hosted_voice(language)
    service = registry.hosted(engine)
    if service is None:
        return None
    tag = language_tag(language)
    marked = for_service(ssml, language=tag, says_as=service.says_as) if ssml else ""
    try:
        return service.synthesise(text, language=tag, voice=voice, named=named, ssml=marked)
    except SpeechUnavailable as error:
        _LOG.warning("%s does not speak, an engine here does: %s", engine, error)
        with _lock:
            _stood_in[engine] += 1
        return None


def _here(
    text: str, language: str, voice: Voice, *, rate: float = 1.0, pitch: float = 1.0
) -> Sound:
    provider, spoken_by = registry.choose(registry.installed(), language=language, voice=voice)
    if spoken_by != voice:
        _LOG.warning("%s has no %s for %s; %s speaks", provider.name, voice, language, spoken_by)
    return provider.synthesise(text, language=language, voice=spoken_by, rate=rate, pitch=pitch)


def speak_mulaw(text: str, *, language: str = "en-US", voice: str = "Man", ssml: str = "") -> bytes:
    """As `speak`, as G.711 µ-law: 8000 bytes a second, the form in which prompts are played."""
    return to_mulaw(speak(text, language=language, voice=voice, ssml=ssml))
