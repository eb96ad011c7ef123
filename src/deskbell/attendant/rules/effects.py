"""What a decision wants written down; the action that asked for the decision does it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """What a step of a call came to, where it is not the name of an action."""

    NO_MENU = "NO_MENU"
    SUSPENDED = "SUSPENDED"
    ENTERED = "ENTERED"
    EMERGENCY = "EMERGENCY"
    TIMEOUT = "TIMEOUT"
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_EXTENSION = "INVALID_EXTENSION"
    EXTENSION = "EXTENSION"
    UNSURE = "UNSURE"
    ON_CALL = "ON_CALL"
    RECEPTION = "RECEPTION"
    NO_RECEPTIONIST = "NO_RECEPTIONIST"
    DESK_CLOSED = "DESK_CLOSED"
    BACK_IN_LINE = "BACK_IN_LINE"
    RESUMED = "RESUMED"
    CONNECTED = "CONNECTED"
    BUSY = "BUSY"
    NO_ANSWER = "NO_ANSWER"
    FAILED = "FAILED"
    SILENT = "SILENT"
    NOTHING_TAKEN = "NOTHING_TAKEN"
    MESSAGE_TAKEN = "MESSAGE_TAKEN"
    TOO_LONG = "TOO_LONG"
    OVER = "OVER"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the caller's path: in which menu (0 in none), which key, what it came to.

    `key` is the extension number where an extension was dialled, by keys or by name. `result` is a
    Result or the name of the action that ran.
    """

    menu_id: int
    key: str
    result: str


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """The recording is a message; each recording is asked for once.

    It goes to the escalation level `level_id`, to the system's own for 0.
    """

    recording_sid: str
    seconds: float
    level_id: int = 0


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """The caller waits at the desk; `is_back` where they were there before their line broke off."""

    is_back: bool = False


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """The caller cannot wait at the desk after all."""


Effect = Step | TakeMessage | JoinQueue | LeaveQueue
