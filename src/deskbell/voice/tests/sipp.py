"""SIPp as a caller: a SIP that is not ours, with a script for each kind of call."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from deskbell.voice.tests.stage import Stage, free_port, noise

PROGRAM: Final = shutil.which("sipp")
VOICE: Final = noise("a caller", 4.0)


def sdp(kinds: str = "0", direction: str = "sendrecv") -> str:
    """What the caller describes."""
    return "\n".join(
        [
            "v=0",
            "o=caller 1 1 IN IP4 [local_ip]",
            "s=-",
            "c=IN IP4 [media_ip]",
            "t=0 0",
            f"m=audio [auto_media_port] RTP/AVP {kinds}",
            f"a={direction}",
        ]
    )


@dataclass
class Script:
    """What the caller does, step by step."""

    steps: list[str] = field(default_factory=list)

    def sends(
        self, method: str, number: int, *headers: str, body: str = "", kind: str = "", via: str = ""
    ) -> Script:
        """A request; within the call once the gateway has given a tag."""
        is_first = method in {"INVITE", "CANCEL", "OPTIONS"} and number == 1
        lines = [
            f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0",
            via or "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
            "From: <sip:12125550199@[local_ip]:[local_port]>;tag=[call_number]",
            "To: <sip:[service]@[remote_ip]:[remote_port]>"
            + ("" if is_first else "[peer_tag_param]"),
            "Call-ID: [call_id]",
            f"CSeq: {number} {method}",
            "Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>",
            "Max-Forwards: 70",
            *headers,
            *([f"Content-Type: {kind or 'application/sdp'}"] if body else []),
            "Content-Length: [len]" if body else "Content-Length: 0",
        ]
        text = "\n".join([*lines, "", body])
        again = ' retrans="500"' if method not in {"ACK", "CANCEL"} else ""
        self.steps.append(f"<send{again}><![CDATA[\n{text}\n]]></send>")
        return self

    def gets(
        self, code: int, *, optional: bool = False, header: str = "", like: str = "", keep: str = ""
    ) -> Script:
        """An answer; `header` has to be `like`, and what fits is kept in the variable `keep`."""
        inside = ""
        if header:
            name = keep or "seen"
            inside = (
                f'<action><ereg regexp={quoteattr(like)} search_in="hdr" header="{header}:"'
                f' check_it="true" assign_to="{name}"/></action>'
            )
        may = ' optional="true"' if optional else ""
        self.steps.append(f'<recv response="{code}"{may}>{inside}</recv>')
        return self

    def hears(self, method: str, code: int = 200, *headers: str, body: str = "") -> Script:
        """A request of the gateway's, and its answer."""
        return self.waits_for(method).answers(code, *headers, body=body, is_new=False)

    def waits_for(self, method: str, *, action: str = "", unless: str = "") -> Script:
        """A request of the gateway's; an error where its `action` leaves `unless` false."""
        inside = f"<action>{action}</action>" if action else ""
        test = f' test="{unless}" next="1"' if unless else ""
        self.steps.append(f'<recv request="{method}"{test}>{inside}</recv>')
        if unless:
            self.steps.append('<nop><action><error message="that was wrong"/></action></nop>')
            self.steps.append('<label id="1"/>')
        return self

    def answers(self, code: int, *headers: str, body: str = "", is_new: bool = True) -> Script:
        """An answer to the last request; one that `is_new` gets our tag."""
        lines = [
            f"SIP/2.0 {code} So",
            "[last_Via:]",
            "[last_From:]",
            "[last_To:]" + (";tag=[call_number]" if is_new else ""),
            "[last_Call-ID:]",
            "[last_CSeq:]",
            "Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>",
            *headers,
            *(["Content-Type: application/sdp"] if body else []),
            "Content-Length: [len]" if body else "Content-Length: 0",
        ]
        text = "\n".join([*lines, "", body])
        self.steps.append(f"<send><![CDATA[\n{text}\n]]></send>")
        return self

    def waits(self, milliseconds: int) -> Script:
        """Nothing happens for a while."""
        self.steps.append(f'<pause milliseconds="{milliseconds}"/>')
        return self

    def talks(self) -> Script:
        """Begins to talk."""
        self.steps.append('<nop><action><exec rtp_stream="voice.ulaw,1,0"/></action></nop>')
        return self

    def begins(self, *headers: str, body: str | None = None) -> Script:
        """INVITE, answer, ACK."""
        self.sends("INVITE", 1, *headers, body=sdp() if body is None else body)
        self.gets(100, optional=True).gets(180, optional=True).gets(200)
        return self.sends("ACK", 1, body=sdp() if body == "" else "")

    def ends(self, number: int) -> Script:
        """BYE."""
        return self.sends("BYE", number).gets(200)

    def written(self) -> str:
        used = {
            name for name in ("seen", "rseq", "right") if any(f'"{name}"' in s for s in self.steps)
        }
        reference = f'<Reference variables="{",".join(sorted(used))}"/>' if used else ""
        return (
            f'<?xml version="1.0"?><scenario name="x">{"".join(self.steps)}{reference}</scenario>'
        )


async def run(script: Script, stage: Stage, folder: Path, *, tcp: bool = False) -> None:
    """A caller plays `script` once. Raises AssertionError, with what SIPp says, if it cannot."""
    await play(script, folder, f"127.0.0.1:{stage.environment.sip.port}", tcp=tcp)


async def play(
    script: Script, folder: Path, *target: str, port: int = 0, tcp: bool = False
) -> None:
    """Plays `script` once: as a caller of `target`, else as whoever is called at `port`."""
    assert PROGRAM is not None
    (folder / "script.xml").write_text(script.written())
    (folder / "voice.ulaw").write_bytes(VOICE)
    options = ["-sf", "script.xml", "-m", "1", "-s", "12125550100", "-nostdin", "-timeout", "20"]
    options += ["-i", "127.0.0.1", "-p", str(port or free_port()), "-mp", str(free_port() & ~1)]
    options += ["-timeout_error", "-trace_err", "-error_file", "errors.log"]
    options += ["-t", "t1" if tcp else "u1", *target]
    program = await asyncio.create_subprocess_exec(
        PROGRAM,
        *options,
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await program.communicate()
    errors = folder / "errors.log"
    told = errors.read_text(errors="replace") if errors.exists() else ""
    assert program.returncode == 0, escape(told[-3000:] or said.decode(errors="replace"))
