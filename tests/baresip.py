"""baresip, a telephone that others wrote: it registers, calls, is called, and keeps what it hears.

It speaks one tone all the time; what it heard is in `heard` once a call is over.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deskbell.foundation.environment import Address
from deskbell.voice.tests.stage import free_port
from tests.kamailio import HOST, Program
from tests.patience import patience

BARESIP = shutil.which("baresip")
MODULES = Path("/usr/lib/baresip/modules")
RATE = 8000
_HEADER = 44  # of a WAV file, whose length is not written until the call is over

needs_baresip = pytest.mark.skipif(
    BARESIP is None or not MODULES.is_dir(),
    reason="baresip is not installed (Debian: apt install baresip-core)",
)


def wave_of(hertz: float, seconds: float) -> bytes:
    """A tone, 8 kHz, 16 bit, mono."""
    at = np.arange(int(RATE * seconds)) / RATE
    return bytes((8000 * np.sin(2 * np.pi * hertz * at)).astype("<i2").tobytes())


def tone_share(samples: bytes, hertz: float) -> float:
    """Which share of the sound in `samples` (16 bit, 8 kHz) is that tone: 0 to 1."""
    heard = np.frombuffer(samples, "<i2").astype(float)
    if heard.size < RATE // 2 or not heard.any():
        return 0.0
    power = np.abs(np.fft.rfft(heard)) ** 2
    at = np.fft.rfftfreq(heard.size, 1 / RATE)
    return float(power[np.abs(at - hertz) < 15].sum() / power[at > 50].sum())


class Baresip:
    """A baresip that runs."""

    def __init__(self, folder: Path, program: Program, control: int) -> None:
        self.folder = folder
        self.program = program
        self.events: list[dict[str, Any]] = []
        self._control = control
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    @property
    def heard(self) -> bytes:
        """The samples it heard in its last call, as its module sndfile wrote them."""
        last = max(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        with wave.open(str(last)) as audio:
            return bytes(audio.readframes(audio.getnframes()))

    def hears(self, hertz: float, *, seconds: float = 0.5) -> bool:
        """Whether the end of what it has heard so far is that tone."""
        files = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        sound = files[-1].read_bytes()[_HEADER:] if files else b""
        return tone_share(sound[-int(2 * seconds * RATE) & ~1 :], hertz) > 0.5

    async def hears_soon(self, hertz: float) -> None:
        """Waits until `hears`."""

        async def is_heard() -> bool:
            return self.hears(hertz)

        await self.program.until(is_heard)

    async def says(self, text: str) -> None:
        """Waits until it has written `text`: it may register before it takes a connection."""

        async def is_said() -> bool:
            return text in self.program.said

        await self.program.until(is_said)

    async def connect(self) -> None:
        """Opens the connection that takes commands and tells events (netstrings of JSON)."""

        async def opened() -> bool:
            try:
                reader, self._writer = await asyncio.open_connection(HOST, self._control)
            except OSError:
                return False
            self._reading = asyncio.create_task(self._read(reader))
            return True

        await self.program.until(opened)

    async def close(self) -> None:
        """Lets go of the connection."""
        if self._reading is not None:
            self._reading.cancel()
        if self._writer is not None:
            self._writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while size := (await reader.readuntil(b":"))[:-1]:
            event = json.loads(await reader.readexactly(int(size)))
            await reader.readexactly(1)
            self.events.append(event)
            self._news.set()

    def do(self, command: str, parameters: str = "") -> None:
        """Gives a command, as `dial` or `hangup`."""
        assert self._writer is not None
        text = json.dumps({"command": command, "params": parameters}).encode()
        self._writer.write(b"%d:%s," % (len(text), text))

    async def sees(self, kind: str, *, within: float = 20.0) -> dict[str, Any]:
        """Waits for an event of that type, as CALL_ESTABLISHED; gives it."""
        try:
            async with patience(within):
                while not (found := [e for e in self.events if e.get("type") == kind]):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind}\n{self.events}\n{self.program.said}") from None
        return found[-1]


@asynccontextmanager
async def baresip(
    folder: Path,
    account: str,
    *,
    hertz: float,
    modules: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> AsyncIterator[Baresip]:
    """Runs baresip with the account line `account`, speaking a tone of `hertz`."""
    assert BARESIP is not None
    control = free_port()
    _write(folder, account, hertz, control, modules, settings)
    program = Program(folder, [BARESIP, "-f", str(folder), "-v"])
    phone = Baresip(folder, program, control)
    try:
        await phone.connect()
        yield phone
        phone.do("quit")
        await phone.close()
    finally:
        await asyncio.to_thread(program.stop)  # it leaves politely, perhaps from a gateway of ours


def _two_free_ports() -> int:
    """A free port whose next one is free as well: baresip takes that for TLS."""
    while True:
        port = free_port()
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port + 1))
            except (OSError, OverflowError):
                continue
            return port


def _write(
    folder: Path,
    account: str,
    hertz: float,
    control: int,
    modules: Sequence[str],
    settings: Sequence[str],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "says.wav"), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes(wave_of(hertz, 60))
    lines = [
        f"sip_listen {Address(HOST, _two_free_ports())}",
        f"audio_source aufile,{folder}/says.wav",
        f"snd_path {folder}",
        f"ausrc_srate {RATE}",
        f"auplay_srate {RATE}",
        "ausrc_channels 1",
        "auplay_channels 1",
        "rtp_timeout 60",
        f"ctrl_tcp_listen {HOST}:{control}",
        f"module_path {MODULES}",
        "module g711.so",
        "module aufile.so",
        "module sndfile.so",
        *(f"module {name}.so" for name in modules),
        "module_tmp account.so",
        "module_app menu.so",
        "module_app ctrl_tcp.so",
        *settings,
    ]
    (folder / "config").write_text("\n".join([*lines, ""]))
    (folder / "accounts").write_text(account + "\n")
    (folder / "contacts").touch()


def account(name: str, realm: str, password: str, *, proxy: Address, **more: str) -> str:
    """An account line that registers `name` at `proxy`, by UDP unless `transport` says else."""
    transport = more.pop("transport", "udp")
    options = {
        "auth_user": name,
        "auth_pass": password,
        "outbound": f'"sip:{proxy};transport={transport}"',
        "regint": "60",
        "answermode": "auto",
        "audio_codecs": "PCMU",
    } | more
    written = "".join(f";{key}={value}" for key, value in options.items())
    return f"<sip:{name}@{realm};transport={transport}>{written}"
