"""SIPp as many callers at once: each calls, sends audio, and waits to be hung up on."""

from __future__ import annotations

import asyncio
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deskbell.foundation.environment import Address
from deskbell.voice.tests.stage import free_port
from tests.patience import patience

_HEAD = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]
"""

SCENARIO = f"""<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="callers who wait to be hung up on">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
{_HEAD}To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
{_HEAD}[last_To:]
[routes]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0
]]></send>
<nop><action><exec rtp_stream="@AUDIO@,-1,0,PCMU/8000"/></action></nop>
<recv request="BYE"/>
<nop><action><exec rtp_stream="pause"/></action></nop>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0
]]></send>
<timewait milliseconds="500"/>
</scenario>
"""


@dataclass
class Callers:
    """A SIPp that runs."""

    process: asyncio.subprocess.Process
    folder: Path

    async def done(self, *, within: float) -> str:
        """Waits until every call was answered and hung up on; what went wrong, or nothing."""
        async with patience(within):
            said, _ = await self.process.communicate()
        if self.process.returncode == 0:
            return ""
        errors = "".join(path.read_text() for path in self.folder.glob("*_errors.log"))
        return errors[:4000] + said.decode(errors="replace")[-4000:]

    async def stop(self) -> None:
        """Ends it if it has not ended."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


async def call(
    folder: Path, sip: Address, number: str, *, calls: int, per_second: int, seconds: int
) -> Callers:
    """Starts `calls` calls to `number`; one that is neither answered nor hung up on within
    `seconds` of the start fails all."""
    scenario = _written(folder)
    process = await asyncio.create_subprocess_exec(
        *("sipp", str(sip), "-sf", str(scenario), "-s", number, "-nostdin", "-trace_err"),
        *("-i", sip.host, "-mi", sip.host, "-p", str(free_port()), "-mp", "12000"),
        *("-m", str(calls), "-l", str(calls), "-r", str(per_second)),
        *("-timeout", str(seconds), "-timeout_error"),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"TERM": "xterm", "PATH": "/usr/bin:/bin"},
    )
    return Callers(process, folder)


def _written(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    audio = folder / "audio.ulaw"
    audio.write_bytes(random.Random(7).randbytes(80_000))
    scenario = folder / "callers.xml"
    scenario.write_text(SCENARIO.replace("@AUDIO@", str(audio)))
    return scenario
