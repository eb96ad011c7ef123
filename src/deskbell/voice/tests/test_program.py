"""The gateway as the process that it is: SIPp calls it, and it is stopped, killed and misled."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskbell.foundation.environment import Environment
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.voice import client
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    SECRET,
    WebSide,
    free_port,
    noise,
    response,
    settings,
)
from tests.patience import patience
from tests.phone import Phone

SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="presses a key and waits for the end">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:2125550199@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:2125550199@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 96
a=rtpmap:0 PCMU/8000
a=rtpmap:96 telephone-event/8000

]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="{expected}" {extra}/>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:2125550199@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
{rest}
</scenario>
"""
KEY_AND_BYE = """<pause milliseconds="300"/>
<nop><action><exec play_dtmf="2"/></action></nop>
<recv request="BYE"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""


def variables(environment: Environment) -> dict[str, str]:
    """The settings as the process reads them."""
    return {
        **os.environ,
        "DESKBELL_DATA_DIR": str(environment.data_dir),
        "DESKBELL_HTTP": str(environment.http),
        "DESKBELL_SIP": str(environment.sip),
        "DESKBELL_VOICE_HTTP": str(environment.voice_http),
        "DESKBELL_RTP": f"{environment.rtp.first}-{environment.rtp.last}",
        "DESKBELL_VOICE_SECRET": SECRET,
        "DESKBELL_ACCOUNT_SID": ACCOUNT,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


@asynccontextmanager
async def program(environment: Environment, **more: str) -> AsyncIterator[Process]:
    """The gateway's process, ready, with `more` variables; killed where it still runs."""
    log = environment.data_dir / "gateway.log"
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deskbell.voice"),
            env=variables(environment) | more,
            stderr=file,
        )
    try:
        async with patience(30):
            while not await _is_ready(environment):  # noqa: ASYNC110 another process
                await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        sys.stderr.write(await asyncio.to_thread(log.read_text))


async def _is_ready(environment: Environment) -> bool:
    try:
        return bool((await asyncio.to_thread(client.health, environment.voice_url))["ready"])
    except Unreachable:
        return False


async def sipp(folder: Path, environment: Environment, scenario: str, *, calls: int) -> int:
    """Runs SIPp; its exit code, 0 where every call went as the scenario says."""
    path = folder / "scenario.xml"
    path.write_text(scenario)
    process = await asyncio.create_subprocess_exec(
        *("sipp", str(environment.sip), "-sf", str(path), "-s", NUMBER, "-i", "127.0.0.1"),
        *("-mi", "127.0.0.1", "-p", str(free_port()), "-m", str(calls), "-r", "10"),
        *("-nostdin", "-timeout", "30", "-timeout_error", "-mp", str(free_port() & ~1)),
        stdout=PIPE,
        stderr=PIPE,
        cwd=folder,
        env={**os.environ, "TERM": "xterm"},
    )
    output, errors = await process.communicate()
    sys.stderr.write((errors or output[-2000:]).decode(errors="replace"))
    return process.returncode or 0


needs_sipp = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")


@needs_sipp
def test_sipp_calls_and_a_clean_stop(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        _, url = web.add_prompt("menu", 0.2)
        web.pages["/voice/incoming"] = response(
            f'<Gather action="/menu" numDigits="1" timeout="9"><Play>{url}</Play></Gather>'
        )
        web.pages["/menu"] = response(f"<Play>{url}</Play><Hangup/>")
        await web.start()
        environment = settings(tmp_path, web.port)
        scenario = SCENARIO.format(expected=200, extra='rtd="true"', rest=KEY_AND_BYE)
        async with program(environment) as process:
            assert await sipp(tmp_path, environment, scenario, calls=5) == 0
            assert [form["Digits"] for form in web.of("/menu")] == ["2"] * 5
            web.pages["/voice/incoming"] = 404
            refused = SCENARIO.format(expected=404, extra="", rest="")
            assert await sipp(tmp_path, environment, refused, calls=3) == 0
            await web.gets("/voice/status", times=5)
            with pytest.raises(Refused):
                await asyncio.to_thread(client.reload, environment.voice_url, "wrong")
            before = web.configuration_asked
            await asyncio.to_thread(client.reload, environment.voice_url, SECRET)
            async with patience(5):
                while web.configuration_asked == before:  # noqa: ASYNC110 another process
                    await asyncio.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            async with patience(5):
                assert await process.wait() == 0
        await web.stop()
        assert web.unsigned == []

    asyncio.run(play())


def test_killed_while_a_caller_speaks(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        web.pages["/voice/incoming"] = response('<Record action="/done" playBeep="false"/>')
        web.pages["/done"] = 204
        await web.start()
        environment = settings(tmp_path, web.port)
        async with program(environment) as process, Phone(environment.sip) as phone:
            call = await phone.call(NUMBER)
            call.speak(noise("a caller", 3))
            await call.spoken()
            process.kill()
            await process.wait()
        async with program(environment):
            told = await web.gets("/done")
            await web.gets("/recording")
        assert told["Digits"] == "hangup"
        assert told["CallStatus"] == "completed"
        assert int(told["RecordingDuration"]) >= 1
        assert len(web.recordings[told["RecordingSid"]]) > 16_000
        await web.stop()
        assert web.unsigned == []

    asyncio.run(play())


def test_the_last_configuration_serves_while_the_web_side_is_away(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        await web.start()
        environment = settings(tmp_path, web.port)
        async with program(environment):
            pass
        await web.stop()
        async with program(environment), Phone(environment.sip) as phone:
            assert (await phone.call(NUMBER)).status == 200

    asyncio.run(play())


def test_a_voice_that_is_being_loaded_holds_up_no_stop(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        await web.start()
        async with program(settings(tmp_path, web.port)) as process:
            process.send_signal(signal.SIGTERM)  # now it speaks the apology for the first time
            async with patience(4):
                assert await process.wait() == 0
        await web.stop()

    asyncio.run(play())


@pytest.mark.parametrize("what", ["sip", "voice_http", "setting"])
def test_one_clear_line_and_exit_code_2(tmp_path: Path, what: str) -> None:
    async def play() -> None:
        environment = settings(tmp_path, free_port())
        told = variables(environment)
        with socket.socket() as taken:
            if what == "setting":
                told["DESKBELL_RTP"] = "none"
            else:
                port = getattr(environment, what).port
                taken.bind(("127.0.0.1", port))
                taken.listen()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deskbell.voice"), env=told, stderr=PIPE
            )
            async with patience(20):
                _, errors = await process.communicate()
        assert process.returncode == 2
        lines = errors.decode().splitlines()
        assert len(lines) == 1, errors
        assert lines[0].startswith("The voice gateway cannot start: ")
        assert ("DESKBELL_RTP" if what == "setting" else str(port)) in lines[0]

    asyncio.run(play())
