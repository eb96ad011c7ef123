"""SIPp as the callers: each call sends audio all the time and receives what it is sent."""

from __future__ import annotations

import asyncio
import os
import random
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from .processes import free_port

_OFFER = """v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0 96
a=rtpmap:0 PCMU/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-15
a=ptime:20"""

_REQUEST = """{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>{to_tag}
Call-ID: [call_id]
CSeq: {number} {method}
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
{content}"""


_ACTION = '<nop><action><exec rtp_stream="{}"/></action></nop>'


def _request(method: str, number: int, *, offer: bool = False) -> str:
    content = "Content-Type: application/sdp\n" if offer else ""
    return _REQUEST.format(
        method=method,
        number=number,
        to_tag="" if offer else "[peer_tag_param]",
        content=f"{content}Content-Length: [len]\n\n{_OFFER if offer else ''}",
    )


def scenario(audio: Path | None) -> str:
    """A call that streams `audio` (raw G.711) for ever, holds for `-d`, and hangs up."""
    play = stop = ""
    if audio is not None:
        play = _ACTION.format(f"{audio},-1,0,PCMU/8000")
        stop = _ACTION.format("pause")
    return f"""<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="a caller in a menu">
<send retrans="500"><![CDATA[
{_request("INVITE", 1, offer=True)}
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200"/>
<send><![CDATA[
{_request("ACK", 1)}
]]></send>
{play}
<pause/>
{stop}
<send retrans="500"><![CDATA[
{_request("BYE", 2)}
]]></send>
<recv response="200"/>
</scenario>
"""


async def call(
    folder: Path,
    *,
    host: str,
    port: int,
    calls: int,
    per_second: int,
    hold_seconds: float,
    number: str = "2025550100",
    with_audio: bool = True,
) -> Process:
    """Starts SIPp with `calls` calls to `host`:`port`; each holds `hold_seconds`, then ends."""
    audio = folder / "caller.ulaw"
    audio.write_bytes(random.Random(7).randbytes(80_000))
    path = folder / "caller.xml"
    path.write_text(scenario(audio if with_audio else None))
    arguments = [
        *("sipp", f"{host}:{port}", "-sf", str(path), "-s", number, "-nostdin"),
        *("-i", host, "-mi", host, "-p", str(free_port()), "-m", str(calls), "-l", str(calls)),
        *("-r", str(per_second), "-d", str(round(hold_seconds * 1000)), "-max_retrans", "7"),
        *("-mp", "10000"),
    ]
    return await asyncio.create_subprocess_exec(
        *arguments,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        cwd=folder,
        env={**os.environ, "TERM": "xterm"},
    )


_ANSWER = """SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]SIPpCallee[call_number]
[last_Call-ID:]
[last_CSeq:]
[last_Record-Route:]
Contact: <sip:callee@[local_ip]:[local_port]>
{content}"""
_OK = """SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0
"""


def callee_scenario(audio: Path) -> str:
    """A phone that answers at once and streams `audio` until the other side hangs up."""
    ringing = _ANSWER.format(status="180 Ringing", content="Content-Length: 0\n")
    content = f"Content-Type: application/sdp\nContent-Length: [len]\n\n{_OFFER}"
    answer = _ANSWER.format(status="200 OK", content=content)
    return f"""<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="who is called">
<recv request="INVITE" crlf="true"/>
<send><![CDATA[
{ringing}
]]></send>
<send retrans="500"><![CDATA[
{answer}
]]></send>
<recv request="ACK" crlf="true"/>
{_ACTION.format(f"{audio},-1,0,PCMU/8000")}
<recv request="BYE"/>
{_ACTION.format("pause")}
<send><![CDATA[
{_OK}
]]></send>
</scenario>
"""


async def answer(folder: Path, *, host: str, port: int) -> Process:
    """Starts SIPp as the phone that every call out of the engine reaches, at `host`:`port`."""
    audio = folder / "callee.ulaw"
    audio.write_bytes(random.Random(8).randbytes(80_000))
    path = folder / "callee.xml"
    path.write_text(callee_scenario(audio))
    return await asyncio.create_subprocess_exec(
        *("sipp", "-sf", str(path), "-nostdin", "-i", host, "-mi", host, "-p", str(port)),
        *("-mp", "30000", "-l", "100000"),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        cwd=folder,
        env={**os.environ, "TERM": "xterm"},
    )
