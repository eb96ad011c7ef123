"""Announcements as G.711 bytes named by their content: in memory, else on disk, else fetched.

Source: design, "The contract between web and gateway": raw µ-law at 8 kHz whose SHA-256 is the
name, fetched before it is needed when the configuration changes.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from deskbell.foundation.errors import Unreachable

from .files import write_whole
from .web import WebSide

log = logging.getLogger(__name__)
MEMORY_BYTES: Final = 64 * 1024 * 1024
_NAME = re.compile(r"/([0-9a-f]{64})$")


def prompt_name(url: str) -> str:
    """The content name that ends a prompt's URL, empty where it is another kind of URL."""
    found = _NAME.search(url)
    return found.group(1) if found else ""


class PromptStore:
    """The gateway's prompts. `base` is the URL that a name is put after."""

    def __init__(self, web: WebSide, folder: Path, base: str) -> None:
        self._web = web
        self._folder = folder
        self._base = base
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._coming: dict[str, asyncio.Task[bytes]] = {}

    async def get(self, name: str) -> bytes:
        """The µ-law bytes named `name`. Raises Unreachable where they cannot be had."""
        found = self._memory.get(name)
        if found is not None:
            self._memory.move_to_end(name)
            return found
        return await asyncio.shield(self._loading(name))

    def foresee(self, name: str) -> None:
        """Starts to bring a prompt into memory."""
        if name not in self._memory:
            self._loading(name)

    def _loading(self, name: str) -> asyncio.Task[bytes]:
        task = self._coming.get(name)
        if task is None:
            task = asyncio.create_task(self._load(name))
            self._coming[name] = task
            task.add_done_callback(lambda done: self._loaded(name, done))
        return task

    def _loaded(self, name: str, done: asyncio.Task[bytes]) -> None:
        self._coming.pop(name, None)
        if not done.cancelled():
            done.exception()  # taken here, for a prompt that nobody waits for any more

    async def fetch_all(self, names: Iterable[str]) -> None:
        """Brings the prompts `names` to this machine, one after the other; failures are logged."""
        for name in names:
            if not prompt_name(f"/{name}"):
                log.warning("the configuration names a prompt %r, which is no SHA-256", name)
                continue
            try:
                if not (self._folder / name).exists():
                    await self.get(name)
            except Unreachable as error:
                log.warning("prompt %s is not here yet: %s", name, error)

    async def _load(self, name: str) -> bytes:
        content = await asyncio.to_thread(self._read, name)
        if content is None:
            content = await self._fetch(name)
            await asyncio.to_thread(self._write, name, content)
        self._remember(name, content)
        return content

    async def _fetch(self, name: str) -> bytes:
        reply = await self._web.get(f"{self._base}/{name}")
        if reply.status != 200:
            raise Unreachable(f"{reply.url} answered {reply.status}; a prompt was expected")
        if hashlib.sha256(reply.body).hexdigest() != name:
            raise Unreachable(f"{reply.url} is not the content that its name says")
        return reply.body

    def _read(self, name: str) -> bytes | None:
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == name else None

    def _write(self, name: str, content: bytes) -> None:
        try:
            write_whole(self._folder / name, content)
        except OSError as error:
            log.warning("prompt %s stays in memory only: %s", name, error)

    def _remember(self, name: str, content: bytes) -> None:
        self._memory[name] = content
        self._size += len(content)
        while self._size > MEMORY_BYTES and len(self._memory) > 1:
            _, gone = self._memory.popitem(last=False)
            self._size -= len(gone)
