"""The engines that take the calls: this project's gateway, and Asterisk where it is installed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
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
from .web import PROMPT, web_side

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
async def gateway(folder: Path) -> AsyncIterator[Engine]:
    """The gateway process, before a stub of its web side."""
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
        async with web_side(HOST, http):
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
                await _end(process)


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


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


def has_asterisk() -> bool:
    """Whether Asterisk can be put beside the gateway."""
    return shutil.which("asterisk") is not None


_ASTERISK = {
    "asterisk.conf": """[directories](!)
astetcdir => {folder}
astmoddir => {modules}
astvarlibdir => {folder}/var
astdbdir => {folder}/var
astdatadir => {folder}/data
astspooldir => {folder}/spool
astrundir => {folder}/run
astlogdir => {folder}/log
[options]
maxfiles = 20000
""",
    "modules.conf": "[modules]\nautoload = yes\nnoload => chan_sip.so\n",
    "logger.conf": "[logfiles]\nmessages.log => warning,error\n",
    "rtp.conf": "[general]\nrtpstart = {first}\nrtpend = {last}\n",
    "pjsip.conf": """[global]
type = global
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{port}
[bench]
type = endpoint
context = bench
disallow = all
allow = ulaw
dtmf_mode = rfc4733
direct_media = no
[bench-callers]
type = identify
endpoint = bench
match = 127.0.0.1
""",
    "extensions.conf": """[bench]
exten => _X.,1,Answer()
same => n(again),Playback({folder}/prompt)
same => n,Goto(again)
""",
}


def _configure(folder: Path, port: int) -> None:
    default = Path("/usr/lib/asterisk/modules")
    modules = next(Path("/usr/lib").glob("**/asterisk/modules"), default)
    for name in ("var", "data", "spool", "run", "log"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "prompt.ulaw").write_bytes(PROMPT)
    values = {"folder": folder, "modules": modules, "port": port}
    for name, text in _ASTERISK.items():
        (folder / name).write_text(text.format(**values, first=RTP[0], last=RTP[1]))


@asynccontextmanager
async def asterisk(folder: Path) -> AsyncIterator[Engine]:
    """Asterisk with a minimal configuration that plays the same prompt to every caller.

    With real-time priority (`-p`), which the gateway's media thread asks for too. Not yet tried
    with a real Asterisk: written for 22 with PJSIP.
    """
    port = free_port()
    binary = shutil.which("asterisk") or "asterisk"
    _configure(folder, port)
    with (folder / "asterisk.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(binary, "-f", "-p", "-C", str(folder / "asterisk.conf")),
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            await asyncio.sleep(5)
            if process.returncode is not None:
                raise SystemExit(
                    f"Asterisk ended:\n{(folder / 'asterisk.log').read_text()[-2000:]}"
                )
            yield Engine("asterisk", process, port)
        finally:
            await _end(process)
