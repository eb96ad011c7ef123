"""Keeps what both sides of a call say, from its answer to its end (`Record` of `Calls`).

Source: https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
"""

from __future__ import annotations

import asyncio
from typing import Final, Literal

from .call import Call
from .media import Recorded
from .recordings import Follower, Pending

WRITE_SECONDS: Final = 20.0
Ways = Literal["both", "dual"]


class Keeping:
    """The recording of one whole call; `follower` is told what becomes of it."""

    def __init__(self, call: Call, *, ways: Ways, follower: Follower, max_seconds: float) -> None:
        self._call = call
        self._ways = ways
        self._follower = follower
        self._max_seconds = max_seconds
        self._pending: Pending | None = None
        self._recorded: asyncio.Future[Recorded] | None = None

    def begin(self) -> None:
        """Starts to record; the call is answered."""
        call = self._call
        self._pending = call.services.recordings.begin(
            call_sid=call.sid,
            method="POST",
            action="",
            fields=call.fields() | {"CallStatus": "completed"},
            follower=self._follower,
        )
        recording_id = call.leg.record(
            self._pending.path,
            max_seconds=self._max_seconds,
            silence_seconds=float("inf"),
            finish_keys="",
            ways=self._ways,
        )
        self._recorded = call.whole_recording(recording_id)
        call.trace.note("records", sid=self._pending.sid)

    async def finish(self) -> None:
        """Hands over what was recorded; the call's leg is closed."""
        pending, recorded = self._pending, self._recorded
        if pending is None or recorded is None:
            return
        recordings = self._call.services.recordings
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                found = await recorded
        except TimeoutError:
            self._call.trace.warn("recording_unfinished", sid=pending.sid)
            return  # the next gateway delivers it
        if not found.seconds:
            recordings.discard(pending)
            return
        await recordings.keep(pending, seconds=found.seconds, digits="")
        recordings.settle(pending)
        self._call.trace.note("recorded", sid=pending.sid, seconds=found.seconds)
