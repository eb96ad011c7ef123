"""Keeps the configuration fresh: polled with an ETag, at once on `/reload`.

The last good answer is kept on disk, so that a gateway that starts while the web side is down still
takes calls from its trunks. It is kept with the address that gave it: another one's would send
callers to a web side that is not there.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deskbell.foundation.errors import InvalidInput, Refused, Unreachable

from ..files import write_whole
from ..web import WebSide
from .reading import read_configuration
from .values import Configuration

log = logging.getLogger(__name__)
POLL_SECONDS: Final = 10.0
_FIRST_SECONDS: Final = 0.5


class ConfigurationKeeper:
    """Holds the present configuration and keeps it fresh.

    `on_change(configuration)` is called in the event loop at each new one.
    """

    def __init__(
        self,
        web: WebSide,
        url: str,
        path: Path,
        *,
        on_change: Callable[[Configuration], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.present: Configuration | None = None
        self._web = web
        self._url = url
        self._path = path
        self._on_change = on_change
        self._poll_seconds = poll_seconds
        self._etag = ""
        self._wake = asyncio.Event()
        self._was_reached = False
        self._trouble: type[Exception] | None = None

    def load(self) -> None:
        """Takes the last good configuration of this web side from disk, where there is one."""
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["asked"] == self._url:
                self._take(json.dumps(kept["answer"]).encode())
        except FileNotFoundError:
            return
        except (OSError, ValueError, LookupError, TypeError, InvalidInput) as error:
            log.warning("the configuration on disk is not used: %s", error)

    def reload(self) -> None:
        """Asks the web side now."""
        self._wake.set()

    async def run(self) -> None:
        """Polls until cancelled; more often until the first answer."""
        while True:
            self._wake.clear()
            is_fresh = await self.refresh()
            wait = self._poll_seconds if is_fresh or self._was_reached else _FIRST_SECONDS
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def refresh(self) -> bool:
        """Asks once; whether the web side answered with something to use."""
        try:
            await self._ask()
        except (Unreachable, Refused, InvalidInput) as error:
            self._tell(error)
            return False
        if self._trouble is not None:
            log.info("the web side answers%s", " again" if self._was_reached else "")
        self._was_reached = True
        self._trouble = None
        return True

    def _tell(self, error: Exception) -> None:
        """Says once what is wrong. A web side that starts beside the gateway is not."""
        if type(error) is self._trouble:
            return
        self._trouble = type(error)
        if self._trouble is Unreachable and not self._was_reached:
            log.info("waits for the web side; asks %s until it answers", self._url)
        else:
            log.warning("no configuration from the web side, the last one stays: %s", error)

    async def _ask(self) -> None:
        reply = await self._web.get(self._url, etag=self._etag)
        if reply.status == 304:
            return
        if reply.status >= 500:
            raise Unreachable(f"{self._url} answered {reply.status}")
        if reply.status != 200:
            raise Refused(f"{self._url} answered {reply.status}; is the secret the same there?")
        self._take(reply.body)
        self._etag = reply.etag
        await asyncio.to_thread(self._keep, reply.body)

    def _take(self, data: bytes) -> None:
        self.present = read_configuration(data)
        self._on_change(self.present)

    def _keep(self, data: bytes) -> None:
        kept = json.dumps({"asked": self._url, "answer": json.loads(data)}).encode()
        try:
            write_whole(self._path, kept, is_private=True)  # passwords of trunks
        except OSError as error:
            log.warning("the configuration is used, but not on disk: %s", error)
