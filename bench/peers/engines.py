"""This project's gateway as the engine that takes the calls."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .processes import free_port
from .web import web_side

HOST = "127.0.0.1"
RTP = (20000, 29999)
_SOURCE = Path(__file__).resolve().parents[2] / "src"


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine: where it takes calls, and where it tells its figures, if it does."""

    name: str
    process: Process
    sip_port: int
    health_url: str = ""

    async def health(self) -> dict[str, Any]:
        """Its figures now; empty where it tells none or does not answer."""
        return await asyncio.to_thread(_get, self.health_url) if self.health_url else {}


def _get(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except (urllib.error.URLError, OSError, ValueError):
        return {}


@asynccontextmanager
async def gateway(folder: Path, *, callee: int = 5060) -> AsyncIterator[Engine]:
    """The gateway process, before a stub of its web side; its calls go to the port `callee`."""
    http, sip, voice_http = free_port(), free_port(), free_port()
    variables = {
        "PYTHONPATH": str(_SOURCE),
        "DESKBELL_DATA_DIR": str(folder / "data"),
        "DESKBELL_HTTP": f"{HOST}:{http}",
        "DESKBELL_SIP": f"{HOST}:{sip}",
        "DESKBELL_VOICE_HTTP": f"{HOST}:{voice_http}",
        "DESKBELL_RTP": f"{RTP[0]}-{RTP[1]}",
    }
    with (folder / "gateway.log").open("wb") as log:
        async with web_side(HOST, http, callee=callee):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deskbell.voice"),
                env={**os.environ, **variables},
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )
            engine = Engine("deskbell", process, sip, f"http://{HOST}:{voice_http}/health")
            try:
                await _until_ready(engine, folder / "gateway.log")
                yield engine
            finally:
                await end(process)


async def _until_ready(engine: Engine, log: Path) -> None:
    for _ in range(600):
        if engine.process.returncode is not None:
            break
        if (await engine.health()).get("ready"):
            return
        await asyncio.sleep(0.1)
    raise SystemExit(f"the gateway did not get ready:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text()[-2000:]


async def end(process: Process) -> None:
    """Ends it, in ten seconds by force."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
