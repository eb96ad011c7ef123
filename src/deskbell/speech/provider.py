"""What a speech provider is: the only thing that the room and its providers know of each other."""

from __future__ import annotations

from collections.abc import Set
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

    def synthesise(
        self, text: str, *, language: str, voice: Voice, rate: float = 1.0, pitch: float = 1.0
    ) -> Sound:
        """Speaks clean text, whatever its length; blocks. Raises SpeechUnavailable.

        `rate` (0.4 to 2.5) and `pitch` (0.7 to 1.6) are factors of how the voice speaks by itself.
        How loud it is is not its matter.
        """


class Hosted(Protocol):
    """One way to have text spoken by a service; only for languages that name it."""

    @property
    def name(self) -> str:
        """What stands before the dot in a language's name: `google` in `google.en-GB`."""

    def is_installed(self) -> bool:
        """Whether its keys are set."""

    @property
    def says_as(self) -> Set[str]:
        """The kinds of SSML's `say-as` that it takes."""

    def synthesise(
        self, text: str, *, language: str, voice: Voice, named: str, ssml: str = ""
    ) -> Sound:
        """Speaks clean text in the service's own voice `named`, or one for `language` where that
        is empty; blocks for some seconds at most. `ssml`, a whole `<speak>` element, is what it is
        given instead where there is any. Raises SpeechUnavailable, and never with a key
        in its words.
        """
