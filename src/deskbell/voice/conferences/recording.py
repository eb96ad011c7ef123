"""The recording of a conference: from its beginning to its end, all that is said in it."""

from __future__ import annotations

from deskbell.rcml.verbs import Conference

from ..call import Call, Services
from ..media import Room, RoomRecorded
from ..recordings import Pending
from ..spool import Parcel


class RoomRecording:
    """Begins and ends with the talk; its callback is told when the file is whole."""

    def __init__(self, services: Services, facts: dict[str, str]) -> None:
        self._services = services
        self._facts = facts
        self._pending: Pending | None = None

    def begin(self, room: Room, call: Call, noun: Conference) -> None:
        """Starts, where it did not yet; it is the recording of `call`, told as its `noun` says."""
        if self._pending is not None:
            return
        self._pending = self._services.recordings.begin(
            call_sid=call.sid,
            method=noun.recording_status_callback_method,
            action=noun.recording_status_callback,
            fields=self._facts
            | {
                "CallSid": call.sid,
                "RecordingStatus": "completed",
                "RecordingSource": "Conference",
                "RecordingChannels": "1",
            },
        )
        room.record(self._pending.path)
        call.trace.note("records", sid=self._pending.sid)

    def end(self, room: Room) -> None:
        """Stops; `take` hears of it when the file is whole."""
        if self._pending is not None:
            room.stop_recording()

    def told(self) -> dict[str, str]:
        """What the end of the conference says of its recording."""
        if self._pending is None:
            return {}
        return {"RecordingUrl": self._services.recordings.url_of(self._pending.sid)}

    def take(self, event: RoomRecorded) -> None:
        """The file is whole: starts its upload, and tells the callback."""
        pending, self._pending = self._pending, None
        if pending is None:
            return
        if not event.seconds:
            self._services.recordings.discard(pending)
            return
        self._services.board.spawn(self._keep(pending, event.seconds))

    async def _keep(self, pending: Pending, seconds: float) -> None:
        recordings = self._services.recordings
        await recordings.keep(pending, seconds=seconds, digits="")
        fields = {name: value for name, value in pending.action.fields.items() if name != "Digits"}
        recordings.settle(pending)
        if pending.action.url:
            parcel = Parcel("form", pending.action.url, pending.action.method, fields)
            self._services.spool.send(parcel)
