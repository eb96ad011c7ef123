"""Kamailio and rtpengine for journeys: the configuration of deploy/, on free ports of this machine.

async with Front(folder, gateways=[Address("127.0.0.1", 5070)]).running() as front:
    async with Phone(front.sip) as phone: …
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from deskbell.foundation.environment import Address
from deskbell.voice.tests.stage import ACCOUNT, SECRET, free_port
from tests.patience import patience

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
KAMAILIO = shutil.which("kamailio") or shutil.which("kamailio", path="/usr/sbin")
RTPENGINE = shutil.which("rtpengine") or shutil.which("rtpengine", path="/usr/bin")
HOST = "127.0.0.1"

needs_kamailio = pytest.mark.skipif(
    KAMAILIO is None, reason="Kamailio is not installed (Debian: apt install kamailio)"
)
needs_rtpengine = pytest.mark.skipif(
    RTPENGINE is None, reason="rtpengine is not installed (Debian: apt install rtpengine-daemon)"
)


class Program:
    """A program in a folder of its own, with its log there; always stopped."""

    def __init__(
        self, folder: Path, argv: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv,
                cwd=folder,
                env=dict(os.environ) | dict(variables or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def ask_to_stop(self) -> None:
        """Sends SIGTERM and waits for nothing."""
        self.process.terminate()

    def kill(self) -> None:
        """Ends it as a fault would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Asks it to end, and sees that all of it does; its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(20)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    async def until(self, condition: object, *, within: float = 30.0) -> None:
        """Waits until the async function `condition` says True; its log is the failure."""
        assert callable(condition)
        try:
            async with patience(within):
                while not await condition():
                    assert self.process.poll() is None, self.said
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(self.said) from None


class GatewayProcess(Program):
    """A gateway as it is run: a process of its own before a web side at `web_port`."""

    def __init__(
        self, folder: Path, web_port: int, rtp: str, *, host: str = HOST, **variables: str
    ) -> None:
        self.sip = Address(host, free_port())
        self.http = Address(HOST, free_port())
        self.data_dir = folder / "data"
        settings = {
            "PYTHONPATH": str(ROOT / "src"),
            "DESKBELL_DATA_DIR": str(self.data_dir),
            "DESKBELL_HTTP": f"{HOST}:{web_port}",
            "DESKBELL_SIP": str(self.sip),
            "DESKBELL_VOICE_HTTP": str(self.http),
            "DESKBELL_RTP": rtp,
            "DESKBELL_VOICE_SECRET": SECRET,
            "DESKBELL_ACCOUNT_SID": ACCOUNT,
        }
        super().__init__(folder, [sys.executable, "-m", "deskbell.voice"], settings | variables)

    async def health(self) -> dict[str, object]:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://{self.http}/health", timeout=2)
        return dict(answer.json())

    async def is_ready(self) -> bool:
        try:
            return bool((await self.health())["ready"])
        except httpx.HTTPError:
            return False


class Front:
    """Kamailio with the configuration of deploy/ before `gateways`.

    `settings` are further lines of settings.cfg.
    """

    def __init__(
        self,
        folder: Path,
        *,
        gateways: Sequence[Address] = (),
        settings: Sequence[str] = (),
        host: str = HOST,
    ) -> None:
        self.folder = folder
        self.sip = Address(host, free_port())
        self.tls = Address(host, free_port())
        self.gateways = gateways
        self._settings = settings
        self._program: Program | None = None

    @property
    def said(self) -> str:
        return self._program.said if self._program is not None else ""

    def takes_tls(self, rtpengine: Address) -> None:
        """Has it take calls by TLS and WebSocket too, with a certificate of its own making."""
        folder = self.folder / "tls"
        folder.mkdir(parents=True)
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", f"/CN={self.tls.host}", "-addext", f"subjectAltName=IP:{self.tls.host}"),
                *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            ],
            check=True,
            capture_output=True,
        )
        self._settings = [
            *self._settings,
            "#!define WITH_TLS",
            "#!define WITH_WEBSOCKET",
            f'#!define RTPENGINE "udp:{rtpengine}"',
            "enable_tls=yes",
            f"listen=tls:{self.tls}",
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Front]:
        """Starts it, waits until it sees every gateway, and stops it."""
        assert KAMAILIO is not None
        self._write()
        argv = [KAMAILIO, "-DD", "-E", "-f", "kamailio.cfg", "-Y", ".", "-m", "64", "-M", "8"]
        self._program = program = Program(self.folder, argv)
        try:
            await program.until(self._sees_gateways)
            yield self
        finally:
            program.stop()

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (DEPLOY / "kamailio").glob("*.cfg"):
            text = path.read_text().replace("/etc/kamailio", str(self.folder))
            (self.folder / path.name).write_text(text)
        lines = [
            f"listen=udp:{self.sip}",
            f"listen=tcp:{self.sip}",
            f'#!substdef "!CFG_FOLDER!{self.folder}!g"',
            f'#!substdef "!RUN_FOLDER!{self.folder}!g"',
            "#!define PROBE_SECONDS 1",
            *self._settings,
        ]
        (self.folder / "settings.cfg").write_text("\n".join([*lines, ""]))
        gateways = "".join(f"1 sip:{gateway}\n" for gateway in self.gateways)
        (self.folder / "dispatcher.list").write_text(gateways)

    async def _sees_gateways(self) -> bool:
        return len(await self.well()) == len(self.gateways)

    async def well(self) -> list[str]:
        """The URIs of the gateways that it would send calls to."""
        listed = await self.ask("dispatcher.list")
        uris = [line.partition("URI:")[2].strip() for line in listed.splitlines() if "URI:" in line]
        flags = [line.partition(":")[2].strip() for line in listed.splitlines() if "FLAGS:" in line]
        return [uri for uri, flag in zip(uris, flags, strict=True) if flag.startswith("A")]

    async def finds(self, phone: str, *, within: float = 15.0) -> None:
        """Waits until it knows where the phone is."""
        known = ""
        try:
            async with patience(within):
                while f"AoR: {phone}\n" not in known:
                    await asyncio.sleep(0.1)
                    known = await self.ask("ul.dump")
        except TimeoutError:
            raise AssertionError(f"{phone} is not registered\n{known}\n{self.said}") from None

    async def ask(self, command: str) -> str:
        """What `kamcmd` prints; empty while Kamailio starts."""
        process = await asyncio.create_subprocess_exec(
            "kamcmd",
            "-s",
            f"unix:{self.folder}/kamailio_ctl",
            *command.split(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return said.decode() if process.returncode == 0 else ""


@asynccontextmanager
async def rtpengine(folder: Path, *, host: str = HOST) -> AsyncIterator[Address]:
    """Runs rtpengine in userspace, as deploy/ does; gives where it takes commands."""
    assert RTPENGINE is not None
    control = Address(HOST, free_port())
    _write_rtpengine(folder, host, control)
    argv = [RTPENGINE, "--config-file=rtpengine.conf", "--foreground", "--log-stderr"]
    program = Program(folder, [*argv, "--num-threads=2"])

    async def answers() -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
            asks.settimeout(0.2)
            asks.connect((control.host, control.port))
            try:
                asks.send(b"1 d7:command4:pinge")
                return b"pong" in await asyncio.to_thread(asks.recv, 1000)
            except OSError:
                return False

    try:
        await program.until(answers)
        yield control
    finally:
        program.stop()


def _write_rtpengine(folder: Path, host: str, control: Address) -> None:
    text = (DEPLOY / "rtpengine" / "rtpengine.conf").read_text()
    for name, value in (
        ("interface", host),
        ("listen-ng", str(control)),
        ("port-min", "37000"),
        ("port-max", "37199"),
    ):
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
    folder.mkdir(parents=True)
    (folder / "rtpengine.conf").write_text(text)
