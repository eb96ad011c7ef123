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
from deskbell.voice.sounds import silence, tone
from deskbell.voice.tests.stage import noise
from tests.phone import Phone, answers
from tests.running import free_ports

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "how-to"

pytestmark = [pytest.mark.journey]


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


@contextmanager
def example(
    folder: Path, trunk: str = "127.0.0.1:9", *, name: str = "hotline", sip_port: int = 0
) -> Iterator[Address]:
    """An example and a gateway, ready for calls at the address; `trunk` is where it calls out."""
    http, voice_http, port = free_ports(3)
    port = sip_port or port
    variables = {
        "DESKBELL_DATA_DIR": str(folder / "data"),
        "DESKBELL_HTTP": f"127.0.0.1:{http}",
        "DESKBELL_SIP": f"127.0.0.1:{port}",
        "DESKBELL_VOICE_HTTP": f"127.0.0.1:{voice_http}",
        "DESKBELL_RTP": "34000-34999",
    }
    with ExitStack() as stack:
        program = [str(EXAMPLES / f"{name}.py"), str(http), trunk]
        stack.enter_context(running(program, folder, {}))
        stack.enter_context(running(["-m", "deskbell.voice"], folder, variables))
        deadline = time.monotonic() + 60
        while not _is_ready(voice_http):
            assert time.monotonic() < deadline, (folder / "said").read_text()
            time.sleep(0.1)
        yield Address("127.0.0.1", port)


def _is_ready(port: int) -> bool:
    try:
        return bool(httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).json()["ready"])
    except httpx.HTTPError:
        return False


def test_the_example_keeps_what_a_caller_says(tmp_path: Path) -> None:
    async def call(sip: Address) -> None:
        async with Phone(sip) as phone:
            call = await phone.start("anybody")
            assert await call.answered(within=60) == 200  # it rings until the voice is loaded
            call.press("2")
            await call.hears(tone(1000, 0.25), within=30)
            call.speak(noise("a message", 2.0))
            await call.spoken()
            call.press("#")
            assert await call.ended(within=30) == "system"

    with example(tmp_path) as sip:
        asyncio.run(call(sip))
    [kept] = tmp_path.glob("RE*.wav")
    with wave.open(str(kept)) as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (8000, 1, 2)
        assert audio.getnframes() > 8000


@pytest.mark.parametrize("name", ["switchboard", "hotline"])
def test_an_example_connects_a_caller_through_the_trunk(tmp_path: Path, name: str) -> None:
    [port] = free_ports(1)
    words, answer = noise("the caller", 1.0), noise("the operator", 1.0)

    async def call(caller: Phone, operator: Phone) -> None:
        call = await caller.start("anybody")
        await call.answered(within=60)
        call.press("1")
        rung = await operator.rung(within=20)
        await rung.acknowledged(within=20)
        call.speak(silence(1) + words)  # nobody says a word at the very moment of the answer
        rung.speak(silence(1) + answer)
        await rung.hears(words, within=20)
        await call.hears(answer, within=20)
        rung.hang_up()
        if name == "hotline":
            await call.hears_more(8000, within=20)  # that the operator is gone, and the menu
            call.hang_up()
        else:
            assert await call.ended(within=20) == "system"

    async def play() -> None:
        address = Address("127.0.0.1", port)
        async with Phone(address) as caller, Phone(address, on_call=answers()) as operator:
            trunk = f"127.0.0.1:{operator.port}"
            stage = example(tmp_path, trunk, name=name, sip_port=port)
            await asyncio.to_thread(stage.__enter__)
            try:
                await call(caller, operator)
            finally:
                await asyncio.to_thread(stage.__exit__, None, None, None)

    asyncio.run(play())
