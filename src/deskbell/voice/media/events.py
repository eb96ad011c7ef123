"""What the media plane tells the voice room, each event in the caller's own event loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from .leg import Leg
    from .rooms import Room

Reason: TypeAlias = Literal["finish_key", "silence", "max_length", "stopped"]


@dataclass(frozen=True, slots=True)
class Digit:
    """A key was pressed: one of `0123456789*#ABCD`, reported at its first packet.

    Keys pressed while a recording runs are reported too, the one that finishes it included.
    """

    leg: Leg
    key: str


@dataclass(frozen=True, slots=True)
class Played:
    """A play came to its end by itself; not sent for one that was stopped or replaced."""

    leg: Leg
    play_id: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording is over and its file is complete and closed.

    `seconds` is the audio in the file, `voiced_seconds` how much of it stood out of the noise,
    `key` the finishing key or "". Sent also after `Leg.close`. Where the disk failed, the
    file ends there; where nothing could be written there is none, and both are 0.
    """

    leg: Leg
    recording_id: int
    reason: Reason
    seconds: float
    voiced_seconds: float
    key: str


@dataclass(frozen=True, slots=True)
class RoomRecorded:
    """A room's recording is over and its file complete; 0 seconds where there is none."""

    room: Room
    recording_id: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Neither RTP nor RTCP came for the media timeout; sent once for each such silence.

    RTCP alone is a phone that is muted or sends no silence, with somebody who listens.
    """

    leg: Leg


MediaEvent: TypeAlias = Digit | Played | Recorded | Lost
