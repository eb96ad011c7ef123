"""Where documents point: our gateway, a carrier and somebody else's engine each have other URLs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .state import CallState


class Links(Protocol):
    """The URLs in a call's documents; absolute, because carriers of the family ask for that."""

    def step_url(self, state: CallState, *, is_empty: bool = False) -> str:
        """Where is reported what came of the document of the decision that ended in `state`.

        `is_empty` is for the report that nothing came.
        """
        ...

    def sound_url(self, sha256: str) -> str:
        """Where the prompt with this SHA-256 is fetched."""
        ...

    def wait_url(self) -> str:
        """What a caller hears who waits for a receptionist; empty where calls cannot wait."""
        ...

    def recorded_url(self, room: str) -> str:
        """Where is told that the talk in a room of the desk was recorded; empty where the audio
        comes by itself."""
        ...


@dataclass(frozen=True, slots=True)
class GatewayLinks:
    """What our own gateway is given: `web_url` is what it reaches the web side by."""

    web_url: str
    account_id: int

    def step_url(self, state: CallState, *, is_empty: bool = False) -> str:
        """The step's URL: it names the account and the decision."""
        empty = "&Empty=1" if is_empty else ""
        return f"{self.web_url}/voice/step?account={self.account_id}&n={state.step}{empty}"

    def sound_url(self, sha256: str) -> str:
        """The prompt's URL: G.711 µ-law, signed requests only."""
        return f"{self.web_url}/voice/prompts/{sha256}"

    def wait_url(self) -> str:
        """The waiting document's URL; it names the account."""
        return f"{self.web_url}/voice/desk/wait?account={self.account_id}"

    def recorded_url(self, _room: str) -> str:
        """Nothing: our gateway sends the audio itself, as the caller's."""
        return ""
