"""Keeps calls on disk, in one journal, soon after whatever changes them; in the spool's own thread.

Soon and not at once: most changes come in bursts, and calls that are over by then cost nothing. One
file that only grows, and not one for each call: making, renaming and deleting files is a tenth of
what it costs to set a call up.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskbell.foundation.errors import InvalidInput

from ..files import write_whole
from ..spool import Spool
from .record import KeptCall, read

if TYPE_CHECKING:
    from ..call import Call

log = logging.getLogger(__name__)
SOON: Final = 0.4
LARGEST: Final = 4 * 1024 * 1024  # bytes of journal, most of them of calls that are over


def read_journal(data: bytes) -> dict[str, KeptCall]:
    """The calls that run, by sid: of each the last line counts, unless it says that it is over.

    A line that cannot be read, as the last of a process that was killed, is passed over.
    """
    found: dict[str, KeptCall] = {}
    for line in data.splitlines():
        try:
            if line.startswith(b'{"over"'):
                found.pop(json.loads(line)["over"], None)
            else:
                kept = read(line)
                found[kept.sid] = kept
        except (InvalidInput, ValueError) as error:
            log.warning("a line of the kept calls is passed over: %s", error)
    return found


class Keeper:
    """The kept calls of one gateway, in the file `path`."""

    def __init__(self, spool: Spool, path: Path) -> None:
        self._spool = spool
        self._path = path
        self._changed: dict[str, Call] = {}
        self._over: list[str] = []
        self._written: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._lines: dict[str, bytes] = {}  # from here on the disk's thread's alone
        self._size = 0

    def load(self) -> list[KeptCall]:
        """The calls of an earlier process, which stay until each is forgotten.

        Raises OSError where the file cannot be read or made.
        """
        data = self._path.read_bytes() if self._path.exists() else b""
        found = read_journal(data)
        self._written = set(found)
        self._lines = {sid: kept.as_line() for sid, kept in found.items()}
        self._rewrite()
        return list(found.values())

    def touch(self, call: Call) -> None:
        """Something about a call that runs is different now."""
        if not call.is_over:
            self._changed[call.sid] = call
            self._soon()

    def forget(self, sid: str) -> None:
        """The call is over, and what is to be told of that is in the spool."""
        self._changed.pop(sid, None)
        if sid in self._written:
            self._written.discard(sid)
            self._over.append(sid)
            self._soon()

    def close(self) -> None:
        """Writes what is over, and keeps nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._changed.clear()
        self._keep()

    def _soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SOON, self._keep)

    def _keep(self) -> None:
        self._timer = None
        running = [call for call in self._changed.values() if not call.is_over]
        kept = [KeptCall.of(call) for call in running]
        over, self._over, self._changed = self._over, [], {}
        self._written.update(each.sid for each in kept)
        if kept or over:
            self._spool.later(lambda: self._write(kept, over))

    # In the disk's thread

    def _write(self, kept: Sequence[KeptCall], over: Sequence[str]) -> None:
        fresh = {each.sid: each.as_line() for each in kept}
        self._lines.update(fresh)
        for sid in over:
            self._lines.pop(sid, None)
        gone = b"".join(b'{"over": "%s"}\n' % sid.encode() for sid in over)
        data = b"".join(fresh.values()) + gone
        if self._size + len(data) > LARGEST:
            self._rewrite()
            return
        with self._path.open("ab") as file:
            file.write(data)
        self._size += len(data)

    def _rewrite(self) -> None:
        """Writes only what runs; its size counts for nothing, or many calls would have it done
        all the time."""
        write_whole(self._path, b"".join(self._lines.values()), is_private=True)
        self._size = 0
