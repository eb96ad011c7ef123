"""What whoever asked for a call is told of its progress: initiated, ringing, answered, completed.

Source: RCML reference, section 6a;
https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent
"""

from __future__ import annotations

from collections.abc import Iterable

from .call import Call
from .call.report import timestamp
from .progress import FINAL, Notices
from .spool import Parcel


class Callbacks:
    """Status callbacks of one call, each event once and in order, through the spool.

    The answer of a Dial's child is told as `answered`, RCML's word; that of a call over REST as
    `in-progress`, Twilio's.
    """

    def __init__(self, call: Call, url: str, *, method: str, events: Iterable[str]) -> None:
        self._call = call
        self._url = url
        self._method = method
        self._notices = Notices(events)
        self._last: Parcel | None = None

    def begin(self) -> None:
        """The INVITE goes out; from now on the call's changes are told."""
        self._tell("initiated")
        self._call.on_change = lambda call: self._tell(call.status)

    def finish(self) -> None:
        """The call is over, and its figures are known."""
        self._tell(self._call.status, is_finished=True)

    def _tell(self, status: str, *, is_finished: bool = False) -> None:
        if status in FINAL and not is_finished:
            return
        notice = self._notices.of(status)
        if notice is None or not self._url:
            return
        call = self._call
        is_twilios = call.direction == "outbound-api" and notice.status == "answered"
        fields = call.fields() | {
            "CallStatus": "in-progress" if is_twilios else notice.status,
            "Timestamp": timestamp(),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(notice.number),
        }
        if is_finished:
            fields["CallDuration"] = str(round(call.seconds))
        parcel = Parcel("form", self._url, self._method, fields)
        call.services.spool.send(parcel, after=self._last)
        self._last = parcel
