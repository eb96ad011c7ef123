"""The recording of a Dial: both sides, from the bridge or the first ring, until the last word.

Source: RCML reference, section 6; https://www.twilio.com/docs/voice/twiml/dial#record for the four
values and what the recording's own callback is told. The Dial's action, or without one that
callback, is owed from the first moment on, so that a recording outlives this gateway.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin

from deskbell.rcml.verbs import Dial

from ..call import Call, Event
from ..media import Recorded
from ..pages import Page
from ..recordings import Pending
from ..spool import Parcel

WRITE_SECONDS: Final = 20.0


class DialRecording:
    """What is recorded of one Dial, if anything is."""

    def __init__(self, call: Call, verb: Dial, page: Page) -> None:
        self._call = call
        self._verb = verb
        self._page = page
        self._pending: Pending | None = None
        self._recording_id = 0
        self._recorded: Recorded | None = None
        self._told: dict[str, str] = {}

    def ringing(self) -> None:
        """Somebody rings; begins where the document wants it from here and there is audio."""
        if self._verb.record.startswith("record-from-ringing") and self._call.has_leg:
            self._begin()

    def talking(self) -> None:
        """Caller and callee are connected."""
        if self._verb.record and self._pending is None:
            self._begin()

    def take(self, event: Event) -> None:
        """Notes the end of a recording that ended by itself."""
        if isinstance(event, Recorded) and event.recording_id == self._recording_id:
            self._recorded = event

    async def told(self) -> dict[str, str]:
        """Ends the recording, starts its upload, and gives what the Dial's action learns of it."""
        pending = self._pending
        if pending is None or self._told:
            return self._told
        self._call.leg.stop_recording(self._recording_id)
        recorded = self._recorded or await self._call.last_recorded(
            self._recording_id, WRITE_SECONDS
        )
        recordings = self._call.services.recordings
        if recorded is None:
            self._call.trace.warn("recording_unfinished", sid=pending.sid)
            self._pending = None  # the next gateway delivers it
            return {}
        if not recorded.seconds:
            recordings.discard(pending)
            self._pending = None
            return {}
        await recordings.keep(pending, seconds=recorded.seconds, digits="")
        fields = pending.action.fields
        self._told = {name: value for name, value in fields.items() if name.startswith("Recording")}
        self._call.trace.note("recorded", sid=pending.sid, seconds=recorded.seconds)
        return self._told

    async def settle(self) -> None:
        """The action has been told, or the spool has it: tells the recording's own callback."""
        told = await self.told()
        if self._pending is None:
            return
        self._call.services.recordings.settle(self._pending)
        self._pending = None
        if self._callback:
            fields = self._call.fields() | told | self._more()
            method = self._verb.recording_status_callback_method
            self._call.services.spool.send(Parcel("form", self._callback, method, fields))

    @property
    def _callback(self) -> str:
        url = self._verb.recording_status_callback
        return urljoin(self._page.url, url) if url else ""

    def _more(self) -> dict[str, str]:
        channels = "2" if self._verb.record.endswith("-dual") else "1"
        return {
            "RecordingStatus": "completed",
            "RecordingSource": "DialVerb",
            "RecordingChannels": channels,
        }

    def _begin(self) -> None:
        call, verb = self._call, self._verb
        action = urljoin(self._page.url, verb.action) if verb.action else ""
        owed = call.fields() | {"CallStatus": "completed", "DialCallStatus": "completed"}
        if not action:
            owed |= self._more()
        self._pending = call.services.recordings.begin(
            call_sid=call.sid,
            method=verb.method if action else verb.recording_status_callback_method,
            action=action or self._callback,
            fields=owed,
        )
        self._recording_id = call.leg.record(
            self._pending.path,
            max_seconds=verb.time_limit + verb.timeout,
            silence_seconds=float("inf"),
            finish_keys="",
            ways="dual" if verb.record.endswith("-dual") else "both",
        )
        call.trace.note("records", sid=self._pending.sid)
