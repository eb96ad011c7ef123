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
    EXTENSION = "extension"
    NAME = "name"
    MEANT = "meant"
    DIALLING = "dialling"
    RECEPTION = "reception"
    VOICEMAIL = "voicemail"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CallState:
    """One call's place.

    `step` counts the decisions made, and the URLs in the document of a decision carry it. `path`
    are the sids of the menus that the caller went through, the present one last. `timeouts`,
    `invalid_inputs` and `invalid_extensions` count since the last key with an action. `asked` is
    the announcement that asked for the extension or name, empty for the standard sentence.
    `level_id` is the escalation level that is rung, or gets the message; 0 is none, or the
    system's. `is_last_resort` says that this is what is done because nobody answered before.
    `silences` counts recordings without sound; `taken` are the sids of recordings that became
    messages. `guesses` are the extensions that a name may have meant: the first is the one that the
    caller was asked about last.
    """

    step: int = 0
    phase: Phase = Phase.NEW
    path: tuple[str, ...] = ()
    timeouts: int = 0
    invalid_inputs: int = 0
    invalid_extensions: int = 0
    asked: str = ""
    level_id: int = 0
    is_last_resort: bool = False
    silences: int = 0
    taken: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The state as JSON types."""
        lists = {"path": self.path, "taken": self.taken, "guesses": self.guesses}
        return asdict(self) | {name: list(each) for name, each in lists.items()}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> CallState:
        """The state that `to_json` wrote; fields that are missing have their first value."""
        return cls(
            step=int(found.get("step", 0)),
            phase=Phase(found.get("phase", Phase.NEW)),
            path=tuple(found.get("path", ())),
            timeouts=int(found.get("timeouts", 0)),
            invalid_inputs=int(found.get("invalid_inputs", 0)),
            invalid_extensions=int(found.get("invalid_extensions", 0)),
            asked=str(found.get("asked", "")),
            level_id=int(found.get("level_id", 0)),
            is_last_resort=bool(found.get("is_last_resort", False)),
            silences=int(found.get("silences", 0)),
            taken=tuple(found.get("taken", ())),
            guesses=tuple(found.get("guesses", ())),
        )
