"""Debian's baresip as a telephone that is not ours: a process, told what to do by its ctrl_tcp.

What it says is a sine, what it hears is a file; so tests know who is heard by the pitch.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from asyncio.subprocess import Process
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from deskbell.foundation.environment import Address
from tests.running import free_ports

MODULES = next(
    (str(path) for path in Path("/usr/lib").glob("**/baresip/modules") if path.is_dir()), ""
)
IS_INSTALLED = bool(shutil.which("baresip") and MODULES)
RATE = 8000
_CONFIGURATION = """
sip_listen 127.0.0.1:{port}
audio_player aubridge,nobody
audio_source ausine,{hertz}
audio_alert aubridge,nobody
snd_path {folder}
ausrc_srate 48000
auplay_srate 8000
ausrc_channels 2
auplay_channels 1
rtp_ports {rtp}-{rtp_end}
module_path {modules}
module account.so
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


class Baresip:
    """A baresip registered as `name` at `sip`; it answers by itself, and says a sine of `hertz`."""

    def __init__(
        self, folder: Path, sip: Address, *, name: str, password: str, hertz: int, tcp: bool = False
    ) -> None:
        self.name = name
        self.sip = sip
        self.events: list[dict[str, Any]] = []
        self._folder = folder / name
        self._password = password
        self._hertz = hertz
        self._suffix = ";transport=tcp" if tcp else ""
        self._process: Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Baresip:
        await self._start()
        async with asyncio.timeout(15):
            while not any("OK" in str(event.get("data")) for event in self.events):
                self.do("reginfo")
                await asyncio.sleep(0.1)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._reader is not None:
            self._reader.cancel()
        if self._writer is not None:
            self._writer.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(5):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def _start(self) -> None:
        self._folder.mkdir(parents=True)
        port, control, rtp, *_ = sorted(free_ports(40), key=lambda port: port % 2)
        (self._folder / "config").write_text(
            _CONFIGURATION.format(
                folder=self._folder,
                port=port,
                control=control,
                rtp=rtp,
                rtp_end=rtp + 20,
                hertz=self._hertz,
                modules=MODULES,
            )
        )
        (self._folder / "accounts").write_text(
            f"<sip:{self.name}@{self.sip}{self._suffix}>;auth_user={self.name};"
            f"auth_pass={self._password};regint=60;answermode=auto\n"
        )
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("baresip", "-f", str(self._folder)), stdout=log, stderr=log
            )
        async with asyncio.timeout(10):
            while self._writer is None:
                try:
                    reader, self._writer = await asyncio.open_connection("127.0.0.1", control)
                except OSError:
                    await asyncio.sleep(0.05)
        self._reader = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            size = int((await reader.readuntil(b":"))[:-1])
            self.events.append(json.loads((await reader.readexactly(size + 1))[:-1]))
            self._arrived.set()

    def do(self, command: str, parameters: str = "") -> None:
        """Has baresip do a command of its menu."""
        text = json.dumps({"command": command, "params": parameters, "token": command})
        assert self._writer is not None
        self._writer.write(f"{len(text)}:{text},".encode())

    def dial(self, number: str) -> None:
        """Calls somebody through the gateway."""
        self.do("dial", f"sip:{number}@{self.sip}")

    async def until(self, kind: str, *, times: int = 1, within: float = 15.0) -> None:
        """Waits for an event of that type, as REGISTER_OK, CALL_ESTABLISHED, CALL_CLOSED."""
        async with asyncio.timeout(within):
            while sum(event.get("type") == kind for event in self.events) < times:
                self._arrived.clear()
                await self._arrived.wait()

    def hears(self, hertz: int, *, seconds: float = 0.5) -> bool:
        """Whether the end of what it hears is a tone of that pitch."""
        files = sorted(self._folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        sound = files[-1].read_bytes()[44:] if files else b""
        return pitch(sound[-int(2 * seconds * RATE) & ~1 :]) == hertz

    async def hears_soon(self, hertz: int, *, within: float = 15.0) -> None:
        """Waits until `hears`."""
        async with asyncio.timeout(within):
            while not self.hears(hertz):
                await asyncio.sleep(0.1)


def pitch(pcm: bytes) -> int:
    """The loudest frequency of PCM16 at 8 kHz, to 10 Hz; 0 for silence."""
    samples = np.frombuffer(pcm[: len(pcm) & ~1], dtype="<i2").astype(float)
    if samples.size < RATE // 10 or np.abs(samples).max() < 100:
        return 0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size), RATE))
    return round(int(spectrum.argmax()), -1)
