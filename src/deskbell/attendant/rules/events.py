"""What can happen in a call, as the gateway reports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entered:
    """The call arrived."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The caller pressed something, normally one key."""

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


Event = Entered | KeyPressed | NothingPressed | Recorded | RecordingSilent
