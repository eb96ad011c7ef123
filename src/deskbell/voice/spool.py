"""What the web side must get, kept on disk until it has it: status callbacks, recordings, actions.

Each parcel is one JSON file, and a recording's audio beside it. A parcel is sent at once, then
after growing waits, also by the next process that finds it. The web side may get one twice: where
it answered and the answer was lost. A form that nobody takes for days is given up, a recording
never; and a server that hangs holds up the parcels to itself alone.

The disk is touched in a thread of its own, in the order of asking: a slow disk holds up no call.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from deskbell.foundation.errors import Unreachable

from .files import write_whole
from .uploads import upload
from .web import Reply, WebSide

log = logging.getLogger(__name__)
SENDERS: Final = 32
SENDERS_EACH: Final = 8  # to one server
KEPT_SECONDS: Final = 3 * 86400.0
LONGEST_WAIT: Final = 60.0
_AGAIN: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to send: a form, or the audio file `audio` of this folder by PUT.

    `then` is the parcel, as JSON, that is sent once this one is accepted, `otherwise` the one for
    when it is refused.
    """

    kind: Literal["form", "audio"]
    url: str
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict)
    audio: str = ""
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    then: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The parcel as it stands on the disk; `Parcel(**…)` reads it back."""
        return {name: getattr(self, name) for name in self.__slots__}


class Spool:
    """The parcels of one gateway, in `folder`.

    `first_wait` is the wait after the first failure, in seconds; each further one is double, up
    to a minute.
    """

    def __init__(self, web: WebSide, folder: Path, *, first_wait: float = 1.0) -> None:
        self.folder = folder
        self._web = web
        self._first_wait = first_wait
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._senders = asyncio.Semaphore(SENDERS)
        self._senders_to: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._written: dict[str, Future[None]] = {}

    @property
    def waiting(self) -> int:
        """How many parcels are not accepted yet."""
        return len(self._tasks)

    def resume(self) -> None:
        """Takes up what an earlier process left behind. A file that cannot be read is set aside."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime):
            try:
                parcel = Parcel(**json.loads(path.read_text()))
            except (ValueError, TypeError) as error:
                log.warning("parcel %s cannot be read and is set aside: %s", path.name, error)
                path.replace(path.with_suffix(".unreadable"))
                continue
            self._start(parcel)

    def send(self, parcel: Parcel, *, after: Parcel | None = None) -> None:
        """Keeps the parcel on disk and starts to send it, once `after` is accepted or given up."""
        self._written[parcel.name] = self._disk.submit(self._write, parcel)
        self._start(parcel, after)

    def later(self, act: Callable[[], None]) -> None:
        """Does `act` in the disk's thread, after everything that was asked of it before."""
        self._disk.submit(self._do, act)

    async def accepted(self, parcel: Parcel, *, within: float) -> bool:
        """Waits until the parcel is accepted or given up, at most `within` s; whether it is."""
        task = self._tasks.get(parcel.name)
        if task is None:
            return True
        done, _ = await asyncio.wait({task}, timeout=within)
        return bool(done)

    async def close(self) -> None:
        """Stops sending; what is not accepted stays on disk."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self._disk.shutdown)

    def _path(self, parcel: Parcel) -> Path:
        return self.folder / f"{parcel.name}.json"

    def _start(self, parcel: Parcel, after: Parcel | None = None) -> None:
        before = self._tasks.get(after.name) if after is not None else None
        task = asyncio.create_task(self._deliver(parcel, before))
        self._tasks[parcel.name] = task
        task.add_done_callback(lambda _done: self._tasks.pop(parcel.name, None))

    async def _deliver(self, parcel: Parcel, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        wait, level = self._first_wait, logging.WARNING
        end = time.monotonic() + KEPT_SECONDS
        while not await self._try(parcel, level):
            if parcel.kind == "form" and time.monotonic() > end:
                log.error("nobody at %s has taken a parcel for days; given up", parcel.url)
                self._give_up(parcel)
                return
            await asyncio.sleep(wait)
            wait, level = min(wait * 2, LONGEST_WAIT), logging.DEBUG

    async def _try(self, parcel: Parcel, level: int) -> bool:
        """Whether the parcel is dealt with; that it waits is logged at `level`."""
        try:
            async with self._turn(parcel), self._senders:
                reply = await self._send(parcel)
        except FileNotFoundError:
            log.error("recording %s is gone from the disk", parcel.audio)  # noqa: TRY400 expected
            self._forget(parcel)
            return True
        except (Unreachable, OSError) as error:
            log.log(level, "parcel to %s waits: %s", parcel.url, error)
            return False
        if reply.is_good:
            self._forget(parcel)
            self._follow(parcel.then)
            return True
        if 400 <= reply.status < 500 and reply.status not in _AGAIN:
            log.error("%s answered %d; given up", parcel.url, reply.status)
            self._give_up(parcel)
            self._follow(parcel.otherwise)
            return True
        log.log(level, "%s answered %d; the parcel waits", parcel.url, reply.status)
        return False

    def _turn(self, parcel: Parcel) -> asyncio.Semaphore:
        """What lets only so many parcels be on their way to one server."""
        server = urlsplit(parcel.url).netloc
        turn = self._senders_to.get(server)
        if turn is None:
            turn = self._senders_to[server] = asyncio.Semaphore(SENDERS_EACH)
        return turn

    async def _send(self, parcel: Parcel) -> Reply:
        if parcel.kind == "form":
            return await self._web.form(parcel.method, parcel.url, parcel.fields)
        return await upload(self._web, parcel.url, self.folder / parcel.audio)

    def _follow(self, following: Mapping[str, Any]) -> None:
        if following:
            self.send(Parcel(**following))

    def _forget(self, parcel: Parcel) -> None:
        written = self._written.pop(parcel.name, None)
        never_written = written is not None and written.cancel()
        if parcel.audio or not never_written:
            self.later(lambda: self._delete(parcel))

    def _give_up(self, parcel: Parcel) -> None:
        self._written.pop(parcel.name, None)
        self.later(lambda: self._set_aside(parcel))

    # In the disk's thread

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            log.warning("the spool's disk: %s", error)

    def _write(self, parcel: Parcel) -> None:
        try:
            write_whole(self._path(parcel), json.dumps(parcel.as_json()).encode())
        except OSError as error:
            log.warning("parcel to %s is in memory only: %s", parcel.url, error)

    def _delete(self, parcel: Parcel) -> None:
        self._path(parcel).unlink(missing_ok=True)
        if parcel.audio:
            (self.folder / parcel.audio).unlink(missing_ok=True)

    def _set_aside(self, parcel: Parcel) -> None:
        """A refused recording stays on disk for the operator; the rest is of no use to anyone."""
        self._path(parcel).unlink(missing_ok=True)
        if parcel.audio:
            refused = self.folder / "refused"
            refused.mkdir(exist_ok=True)
            (self.folder / parcel.audio).replace(refused / parcel.audio)
