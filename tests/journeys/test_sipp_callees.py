"""SIPp behind a trunk: callees of another make, whose every message is laid down in a scenario."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

import pytest

from deskbell.voice.tests.stage import NUMBER, WebSide, free_port, noise, response, staged
from tests.phone import CallHandle

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed"),
]
SCENARIOS = Path(__file__).parent / "sipp"
CALLED = "+12125550177"


async def callee(scenario: str, folder: Path, port: int) -> Process:
    """SIPp, taking one call at `port`; what it hears it says again."""
    return await asyncio.create_subprocess_exec(
        *("sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", "127.0.0.1"),
        *("-p", str(port), "-mi", "127.0.0.1", "-mp", str(free_port() & ~1), "-rtp_echo"),
        *("-m", "1", "-nostdin", "-timeout", "25", "-timeout_error"),
        stdout=PIPE,
        stderr=PIPE,
        cwd=folder,
        env={**os.environ, "TERM": "xterm"},
    )


async def hears_itself(call: CallHandle) -> None:
    """Waits until what the caller says comes back."""
    clip = noise("an echo", 0.4)
    for _ in range(12):
        call.speak(clip)
        await call.spoken()
        await asyncio.sleep(0.1)
        if clip in call.heard():
            return
    raise AssertionError("no echo was heard")


@pytest.mark.parametrize(
    ("scenario", "status", "code"),
    [
        ("callee_answers", "completed", "200"),
        ("callee_hangs_up", "completed", "200"),
        ("callee_is_busy", "busy", "486"),
        ("callee_is_cancelled", "no-answer", ""),
        ("callee_has_early_media", "completed", "200"),
        ("callee_asks_who_calls", "completed", "200"),
    ],
)
def test_callees(tmp_path: Path, scenario: str, status: str, code: str) -> None:
    async def play() -> None:
        side, port = WebSide(free_port()), free_port()
        trunk = {"name": "carrier", "addresses": [], "outgoing": f"127.0.0.1:{port}"}
        local = {"name": "local", "addresses": ["127.0.0.0/8"]}
        side.more["trunks"] = [local, trunk | {"username": "us", "password": "sesame"}]
        timeout = 2 if scenario == "callee_is_cancelled" else 20
        dial = f'<Dial action="/dialled" timeout="{timeout}"><Number>{CALLED}</Number></Dial>'
        side.pages |= {"/voice/incoming": response(dial), "/dialled": response("<Hangup/>")}
        process = await callee(scenario, tmp_path, port)
        try:
            async with staged(tmp_path, web=side) as stage:
                call = await stage.phone.call(NUMBER)
                if status == "completed" and scenario != "callee_hangs_up":
                    await hears_itself(call)
                    if scenario == "callee_has_early_media":
                        await asyncio.sleep(2)
                    call.hang_up()
                told = await side.gets("/dialled")
                assert told["DialCallStatus"] == status
                assert told.get("DialSipResponseCode", "") == code
                output, errors = await process.communicate()
                assert process.returncode == 0, (errors or output[-3000:]).decode()
        finally:
            with suppress(ProcessLookupError):
                process.kill()

    asyncio.run(play())
