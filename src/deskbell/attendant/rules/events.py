"""What can happen in a call, as the gateway reports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entered:
    """The call arrived."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The caller pressed something: one key of a menu, or the digits of an extension."""

    key: str


@dataclass(frozen=True, slots=True)
class NothingPressed:
    """The menu was heard to its end and the time for a key passed."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The caller said something that was recorded, `seconds` long; perhaps it hung up then."""

    recording_sid: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordingSilent:
    """The caller was asked to speak and was not heard."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The caller said something that was recognised as `text`.

    `confidence` is from 0 to 1, 1 where the engine does not say; `others` are what else it may
    have been, likeliest first.
    """

    text: str
    confidence: float = 1.0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DialEnded:
    """Ringing somebody for the caller came to an end, or the talk that followed did.

    `status` is completed (they talked), busy, no-answer, failed or canceled; RCML reference, 6.
    """

    status: str


@dataclass(frozen=True, slots=True)
class OnCallFound:
    """The phones of those who are on call for the level that a decision asked about."""

    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceptionFound:
    """What room desk says to a caller for a receptionist: whether anybody is on duty.

    `room` is the conference to wait in, `is_recorded` whether the talk there is recorded, `is_back`
    that the caller waited or talked before and the line broke off.
    """

    is_open: bool
    room: str = ""
    is_recorded: bool = False
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class DeskClosed:
    """Nobody takes the caller who waits: everybody went away, or it took too long."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The line broke off, on our side, and the caller is there again."""


Event = (
    Entered
    | KeyPressed
    | NothingPressed
    | Recorded
    | RecordingSilent
    | Spoken
    | DialEnded
    | OnCallFound
    | ReceptionFound
    | DeskClosed
    | Resumed
)
