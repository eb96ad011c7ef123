"""What a speech provider is: the only thing that the room and its providers know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

Voice = Literal["Man", "Woman"]
VOICES: Final[tuple[Voice, ...]] = ("Man", "Woman")


@dataclass(frozen=True, slots=True)
class Sound:
    """What a provider made: PCM16 little-endian, mono, at `rate` samples a second."""

    pcm: bytes
    rate: int


class Provider(Protocol):
    """One way to turn text into sound, in a process of its own."""

    @property
    def name(self) -> str:
        """One word for logs and for `engines()`."""

    def is_installed(self) -> bool:
        """Whether all that it needs is on this machine; cheap, loads nothing."""

    def speaks(self, *, language: str, voice: Voice) -> bool:
        """Whether it has this voice for `language`, a tag out of `language.languages()`."""

    def synthesise(self, text: str, *, language: str, voice: Voice) -> Sound:
        """Speaks clean text, whatever its length; blocks. Raises SpeechUnavailable."""
