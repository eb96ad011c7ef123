"""Where a call stands in the attendant, small enough to be kept in its row as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """What the caller was last asked for."""

    NEW = "new"
    MENU = "menu"
    VOICEMAIL = "voicemail"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CallState:
    """One call's place.

    `step` counts the decisions made, and the URLs in the document of a decision carry it. `path`
    are the sids of the menus that the caller went through, the present one last. `timeouts` and
    `invalid_inputs` count since the last key with an action. `silences` counts recordings without
    sound; `taken` are the sids of recordings that became messages.
    """

    step: int = 0
    phase: Phase = Phase.NEW
    path: tuple[str, ...] = ()
    timeouts: int = 0
    invalid_inputs: int = 0
    silences: int = 0
    taken: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The state as JSON types."""
        return asdict(self) | {"path": list(self.path), "taken": list(self.taken)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> CallState:
        """The state that `to_json` wrote; fields that are missing have their first value."""
        return cls(
            step=int(found.get("step", 0)),
            phase=Phase(found.get("phase", Phase.NEW)),
            path=tuple(found.get("path", ())),
            timeouts=int(found.get("timeouts", 0)),
            invalid_inputs=int(found.get("invalid_inputs", 0)),
            silences=int(found.get("silences", 0)),
            taken=tuple(found.get("taken", ())),
        )
