"""What callers record, from the first packet to the web side, so that nothing said gets lost.

While a caller speaks, a note beside the file says what is owed: which action has to hear of it. If
the gateway is killed, the next one finds note and file, and delivers both.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from deskbell.foundation.sids import new_sid

from .files import write_whole
from .spool import Parcel, Spool
from .trimming import mend_wav, trim_wav

log = logging.getLogger(__name__)
SHORTEST_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Follower:
    """Who is told what becomes of a recording (`recordingStatusCallback`): at which `events`.

    Those are in-progress, completed, absent and failed; none of them means completed. `more` is
    what is told beside the recording itself.
    Source: https://www.twilio.com/docs/voice/twiml/record#attributes-recording-status-callback
    """

    url: str = ""
    method: str = "POST"
    events: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)

    def parcel(self, event: str, fields: Mapping[str, str]) -> Parcel | None:
        """What is sent at `event`, None where nothing is."""
        if not self.url or event not in (self.events or ("completed",)):
            return None
        told = {**fields, **self.more, "RecordingStatus": event}
        told.pop("Digits", None)
        return Parcel("form", self.url, self.method, told)


@dataclass(slots=True)
class Pending:
    """A recording that is being made, or made and not yet told to its action."""

    sid: str
    path: Path
    call_sid: str
    action: Parcel
    follower: Follower = field(default_factory=Follower)


class Recordings:
    """The recordings of one gateway, made in `folder`; `base` is the URL a sid is put after."""

    def __init__(self, spool: Spool, folder: Path, base: str) -> None:
        self._spool = spool
        self._folder = folder
        self._base = base
        self._recovered: dict[str, list[Parcel]] = {}

    def url_of(self, sid: str) -> str:
        """Where the recording will be."""
        return f"{self._base}/{sid}"

    def begin(
        self,
        *,
        call_sid: str,
        method: str,
        action: str,
        fields: Mapping[str, str],
        follower: Follower | None = None,
    ) -> Pending:
        """A recording to be written to `path`; `action` is owed `fields` whatever happens.

        Without an `action` (empty) the audio alone is owed. `fields` are those of a call whose
        caller has hung up. Writes the note.
        """
        sid = new_sid("RE")
        owed = dict(fields) | {
            "RecordingSid": sid,
            "RecordingUrl": self.url_of(sid),
            "Digits": "hangup",
        }
        parcel = Parcel("form", action, method, owed, name=f"{sid}-action")
        pending = Pending(
            sid, self._folder / f"{sid}.wav", call_sid, parcel, follower or Follower()
        )
        self._spool.later(lambda: self._write_note(pending))
        self._tell(pending, "in-progress")
        return pending

    def discard(self, pending: Pending) -> None:
        """Nothing was said: removes file and note."""
        self._spool.later(lambda: self._remove(pending))
        self._tell(pending, "absent")

    async def keep(
        self, pending: Pending, *, seconds: float, digits: str, trim: bool = False
    ) -> Parcel:
        """Starts the upload; `seconds` and `digits` become what the action is told.

        With `trim` the silence at both ends is cut off first.
        """
        if trim:
            seconds = await asyncio.to_thread(trim_wav, pending.path)
        await asyncio.to_thread(self._move, pending, seconds, digits)
        parcel = self._upload_of(pending)
        self._spool.send(parcel)
        return parcel

    def settle(self, pending: Pending) -> None:
        """The action was requested within the call: nothing is owed any more."""
        self._spool.later(lambda: self._note(pending.sid).unlink(missing_ok=True))

    def owe(self, pending: Pending) -> None:
        """Leaves the action to the spool, which tries until it is accepted."""
        if pending.action.url:
            self._spool.send(pending.action)
        self.settle(pending)

    def _tell(self, pending: Pending, event: str) -> None:
        parcel = pending.follower.parcel(event, pending.action.fields)
        if parcel is not None:
            self._spool.send(parcel)

    def recover(self) -> int:
        """Delivers what an earlier process left in the folder; how many recordings that were."""
        self._folder.mkdir(parents=True, exist_ok=True)
        notes = sorted(self._folder.glob("*.json"))
        return sum(self._recover(note) for note in notes)

    def _recover(self, note: Path) -> bool:
        try:
            found = json.loads(note.read_text())
            action = Parcel(**found["action"])
            follower = Follower(**found.get("follower", {}))
            pending = Pending(
                note.stem, note.with_suffix(".wav"), found["call_sid"], action, follower
            )
        except (ValueError, LookupError, TypeError) as error:
            log.warning("note %s cannot be read and is set aside: %s", note.name, error)
            note.replace(note.with_suffix(".unreadable"))
            return False
        if not self._recover_audio(pending):
            self._remove(pending)
            return False
        self.owe(pending)
        if pending.action.url:
            self._recovered.setdefault(pending.call_sid, []).append(pending.action)
        return True

    async def recovered(self, call_sid: str, *, within: float) -> None:
        """Waits until the web side has been told of what the call's earlier gateway recorded, at
        most `within` seconds."""
        for parcel in self._recovered.pop(call_sid, ()):
            await self._spool.accepted(parcel, within=within)

    def _recover_audio(self, pending: Pending) -> bool:
        """Whether there is something to deliver: audio here, or audio that is in the spool."""
        partial = _partial(pending.path)
        if partial.exists():
            partial.replace(pending.path)
        if not pending.path.exists():
            return "RecordingDuration" in pending.action.fields
        seconds = mend_wav(pending.path)
        if seconds < SHORTEST_SECONDS:
            return False
        self._move(pending, seconds, "hangup")
        self._spool.send(self._upload_of(pending))
        return True

    def _move(self, pending: Pending, seconds: float, digits: str) -> None:
        told = {"RecordingDuration": str(max(1, round(seconds))), "Digits": digits}
        pending.action = replace(pending.action, fields={**pending.action.fields, **told})
        self._write_note(pending)
        pending.path.replace(self._spool.folder / pending.path.name)

    def _upload_of(self, pending: Pending) -> Parcel:
        url = f"{self.url_of(pending.sid)}?CallSid={pending.call_sid}"
        follow = {
            event: parcel.as_json() if parcel is not None else {}
            for event in ("completed", "failed")
            for parcel in [pending.follower.parcel(event, pending.action.fields)]
        }
        return Parcel(
            "audio",
            url,
            "PUT",
            audio=pending.path.name,
            name=pending.sid,
            then=follow["completed"],
            otherwise=follow["failed"],
        )

    def _remove(self, pending: Pending) -> None:
        pending.path.unlink(missing_ok=True)
        _partial(pending.path).unlink(missing_ok=True)
        self._note(pending.sid).unlink(missing_ok=True)

    def _note(self, sid: str) -> Path:
        return self._folder / f"{sid}.json"

    def _write_note(self, pending: Pending) -> None:
        """Without a note a recording is delivered all the same, only not by another process."""
        note = {
            "call_sid": pending.call_sid,
            "action": pending.action.as_json(),
            "follower": asdict(pending.follower),
        }
        try:
            write_whole(self._note(pending.sid), json.dumps(note).encode())
        except OSError as error:
            log.warning("the note of recording %s cannot be kept: %s", pending.sid, error)


def _partial(path: Path) -> Path:
    """What the media room calls a recording until it is whole."""
    return path.with_name(f"{path.name}.part")
