"""Keeps calls on disk, a file each, soon after whatever changes them; in the spool's own thread.

Soon and not at once: most changes come in bursts, and calls that are over by then cost nothing.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskbell.foundation.errors import InvalidInput

from ..files import write_whole
from ..spool import Spool
from .record import KeptCall, read

if TYPE_CHECKING:
    from ..call import Call

log = logging.getLogger(__name__)
SOON: Final = 0.3


class Keeper:
    """The kept calls of one gateway, in `folder`."""

    def __init__(self, spool: Spool, folder: Path) -> None:
        self._spool = spool
        self._folder = folder
        self._changed: dict[str, Call] = {}
        self._written: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> list[KeptCall]:
        """The calls of an earlier process, which stay until each is `forgotten`.

        One that cannot be read is set aside.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        found = []
        for path in sorted(self._folder.glob("CA*.json")):
            try:
                found.append(read(path.read_bytes()))
            except (InvalidInput, OSError) as error:
                log.warning("the kept call %s is set aside: %s", path.name, error)
                path.replace(path.with_suffix(".unreadable"))
        self._written = {kept.sid for kept in found}
        return found

    def touch(self, call: Call) -> None:
        """Something about a call that runs is different now."""
        if call.is_over:
            return
        self._changed[call.sid] = call
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SOON, self._keep)

    def forget(self, sid: str) -> None:
        """The call is over, and what is to be told of that is in the spool."""
        self._changed.pop(sid, None)
        if sid in self._written:
            self._written.discard(sid)
            self._spool.later(lambda: self._path(sid).unlink(missing_ok=True))

    def close(self) -> None:
        """Keeps nothing any more."""
        self._changed.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _keep(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, {}
        for call in changed.values():
            if not call.is_over:
                self._written.add(call.sid)
                self._write(KeptCall.of(call))

    def _write(self, kept: KeptCall) -> None:
        path = self._path(kept.sid)
        self._spool.later(lambda: write_whole(path, kept.as_json(), is_private=True))

    def _path(self, sid: str) -> Path:
        return self._folder / f"{sid}.json"
