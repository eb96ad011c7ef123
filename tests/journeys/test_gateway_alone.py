"""What docs/how-to/use-the-gateway-alone.md promises: its example answers a call and keeps what is
said, with the gateway as the process that it is and nothing else of Deskbell."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from deskbell.foundation.environment import Address
from deskbell.voice.sounds import tone
from deskbell.voice.tests.stage import noise
from tests.phone import Phone
from tests.running import free_ports

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "how-to" / "hotline.py"

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


@contextmanager
def running(argv: list[str], folder: Path, variables: dict[str, str]) -> Iterator[None]:
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=folder,
            env=dict(os.environ) | {"PYTHONPATH": str(ROOT / "src")} | variables,
            stdout=said,
            stderr=said,
        )
    try:
        yield
        assert process.poll() is None, (folder / "said").read_text()
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def sip(tmp_path: Path) -> Iterator[Address]:
    """Where the gateway takes calls, once it is ready."""
    http, voice_http, port = free_ports(3)
    variables = {
        "DESKBELL_DATA_DIR": str(tmp_path / "data"),
        "DESKBELL_HTTP": f"127.0.0.1:{http}",
        "DESKBELL_SIP": f"127.0.0.1:{port}",
        "DESKBELL_VOICE_HTTP": f"127.0.0.1:{voice_http}",
        "DESKBELL_RTP": "34000-34999",
    }
    with ExitStack() as stack:
        stack.enter_context(running([str(EXAMPLE), str(http)], tmp_path, {}))
        stack.enter_context(running(["-m", "deskbell.voice"], tmp_path, variables))
        deadline = time.monotonic() + 60
        while not _is_ready(voice_http):
            assert time.monotonic() < deadline, (tmp_path / "said").read_text()
            time.sleep(0.1)
        yield Address("127.0.0.1", port)


def _is_ready(port: int) -> bool:
    try:
        return bool(httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).json()["ready"])
    except httpx.HTTPError:
        return False


def test_the_example_keeps_what_a_caller_says(sip: Address, tmp_path: Path) -> None:
    async def call() -> None:
        async with Phone(sip) as phone:
            call = await phone.call("anybody")
            assert call.status == 200
            call.press("2")
            await call.hears(tone(1000, 0.25), within=30)
            call.speak(noise("a message", 2.0))
            await call.spoken()
            call.press("#")
            assert await call.ended(within=30) == "system"

    asyncio.run(call())
    [kept] = tmp_path.glob("RE*.wav")
    with wave.open(str(kept)) as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (8000, 1, 2)
        assert audio.getnframes() > 8000
