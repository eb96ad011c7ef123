"""What callers record, from the first packet to the web side, so that nothing said gets lost.

While a caller speaks, a note beside the file says what is owed: which action has to hear of it. If
the gateway is killed, the next one finds note and file, and delivers both.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from deskbell.foundation.sids import new_sid

from .files import write_whole
from .spool import Parcel, Spool

log = logging.getLogger(__name__)
RATE: Final = 8000
HEADER_BYTES: Final = 44
SHORTEST_SECONDS: Final = 0.5


@dataclass(slots=True)
class Pending:
    """A recording that is being made, or made and not yet told to its action."""

    sid: str
    path: Path
    call_sid: str
    action: Parcel


class Recordings:
    """The recordings of one gateway, made in `folder`; `base` is the URL a sid is put after."""

    def __init__(self, spool: Spool, folder: Path, base: str) -> None:
        self._spool = spool
        self._folder = folder
        self._base = base

    def url_of(self, sid: str) -> str:
        """Where the recording will be."""
        return f"{self._base}/{sid}"

    def begin(
        self, *, call_sid: str, method: str, action: str, fields: Mapping[str, str]
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
        pending = Pending(sid, self._folder / f"{sid}.wav", call_sid, parcel)
        self._spool.later(lambda: self._write_note(pending))
        return pending

    def discard(self, pending: Pending) -> None:
        """Nothing was said: removes file and note."""
        self._spool.later(lambda: self._remove(pending))

    async def keep(self, pending: Pending, *, seconds: float, digits: str) -> Parcel:
        """Starts the upload; `seconds` and `digits` become what the action is told."""
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

    def recover(self) -> int:
        """Delivers what an earlier process left in the folder; how many recordings that were."""
        self._folder.mkdir(parents=True, exist_ok=True)
        notes = sorted(self._folder.glob("*.json"))
        return sum(self._recover(note) for note in notes)

    def _recover(self, note: Path) -> bool:
        try:
            found = json.loads(note.read_text())
            action = Parcel(**found["action"])
            pending = Pending(note.stem, note.with_suffix(".wav"), found["call_sid"], action)
        except (ValueError, LookupError, TypeError) as error:
            log.warning("note %s cannot be read and is set aside: %s", note.name, error)
            note.replace(note.with_suffix(".unreadable"))
            return False
        if not self._recover_audio(pending):
            self._remove(pending)
            return False
        self.owe(pending)
        return True

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
        return Parcel("audio", url, "PUT", audio=pending.path.name, name=pending.sid)

    def _remove(self, pending: Pending) -> None:
        pending.path.unlink(missing_ok=True)
        _partial(pending.path).unlink(missing_ok=True)
        self._note(pending.sid).unlink(missing_ok=True)

    def _note(self, sid: str) -> Path:
        return self._folder / f"{sid}.json"

    def _write_note(self, pending: Pending) -> None:
        """Without a note a recording is delivered all the same, only not by another process."""
        note = {"call_sid": pending.call_sid, "action": pending.action.as_json()}
        try:
            write_whole(self._note(pending.sid), json.dumps(note).encode())
        except OSError as error:
            log.warning("the note of recording %s cannot be kept: %s", pending.sid, error)


def _partial(path: Path) -> Path:
    """What the media room calls a recording until it is whole."""
    return path.with_name(f"{path.name}.part")


def mend_wav(path: Path) -> float:
    """Makes the header of a WAV file (PCM16, 8 kHz) that was cut short fit; its seconds."""
    size = path.stat().st_size - HEADER_BYTES
    if size <= 0:
        return 0.0
    with path.open("r+b") as file:
        file.seek(22)
        frame = 2 * max(1, int.from_bytes(file.read(2), "little"))
        size -= size % frame
        file.truncate(HEADER_BYTES + size)
        file.seek(4)
        file.write(struct.pack("<I", size + HEADER_BYTES - 8))
        file.seek(40)
        file.write(struct.pack("<I", size))
    return size / frame / RATE
