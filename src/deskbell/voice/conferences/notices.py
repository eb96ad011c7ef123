"""What a conference's status callback is told.

Source: https://www.twilio.com/docs/voice/twiml/conference#attributes-statuscallbackevent
"""

from __future__ import annotations

from typing import Final

from ..call import Call
from ..call.report import timestamp
from ..spool import Parcel, Spool
from .rules import Seat

_WORDS: Final = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
}


class ConferenceNotices:
    """The callbacks of one conference to `url`, of the events `wanted` (none: all).

    Numbered from 0 as they are told; each goes through the spool, behind the one before.
    """

    def __init__(
        self, spool: Spool, url: str, method: str, wanted: tuple[str, ...], facts: dict[str, str]
    ) -> None:
        self._spool = spool
        self._url = url
        self._method = method
        self._wanted = frozenset(wanted)
        self._facts = facts
        self._number = 0
        self._last: Parcel | None = None

    def tell(self, event: str, fields: dict[str, str]) -> None:
        """Tells of `event`, by its long name."""
        if not self._url or (self._wanted and _WORDS[event] not in self._wanted):
            return
        told = self._facts | {
            "StatusCallbackEvent": event,
            "SequenceNumber": str(self._number),
            "Timestamp": timestamp(),
        }
        self._number += 1
        parcel = Parcel("form", self._url, self._method, told | fields)
        self._spool.send(parcel, after=self._last)
        self._last = parcel


def of_member(call: Call, seat: Seat) -> dict[str, str]:
    """What a callback says of one member."""

    def flag(is_so: bool) -> str:
        return "true" if is_so else "false"

    return {
        "CallSid": call.sid,
        "Muted": flag(seat.is_muted),
        "Hold": flag(seat.is_held),
        "StartConferenceOnEnter": flag(seat.starts),
        "EndConferenceOnExit": flag(seat.ends),
    }
