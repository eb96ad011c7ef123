"""Asterisk beside the gateway: the same calls, the same prompt, the same machine, the same run.

It comes from the PATH, or from a folder that `make-asterisk.sh` made; DESKBELL_ASTERISK names
another folder.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from .engines import RTP, Engine, end
from .processes import free_port
from .web import PROMPT

_ROOT = Path(os.environ.get("DESKBELL_ASTERISK", "/var/tmp/deskbell-asterisk"))
_FILES = {
    "asterisk.conf": """[directories]
astetcdir => {folder}
astmoddir => {modules}
astvarlibdir => {folder}/var
astdbdir => {folder}/var
astdatadir => /usr/share/asterisk
astspooldir => {folder}/spool
astrundir => {folder}/run
astlogdir => {folder}/log
[options]
maxfiles = 20000
""",
    "modules.conf": "[modules]\nautoload = yes\nnoload => chan_sip.so\n",
    "logger.conf": "[logfiles]\nmessages.log => warning,error\n",
    "rtp.conf": "[general]\nrtpstart = {first}\nrtpend = {last}\n",
    "pjsip.conf": """[global]
type = global
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{port}
[bench]
type = endpoint
context = bench
disallow = all
allow = ulaw
dtmf_mode = rfc4733
direct_media = no
aors = callee
[bench-callers]
type = identify
endpoint = bench
match = 127.0.0.1
[callee]
type = aor
contact = sip:callee@127.0.0.1:{callee}
""",
    "extensions.conf": """[bench]
exten => 2025550100,1,Answer()
same => n(again),Playback({folder}/prompt)
same => n,Goto(again)
exten => 2025550101,1,Dial(PJSIP/bench)
exten => 2025550102,1,MixMonitor({folder}/spool/${{UNIQUEID}}.wav)
same => n,Dial(PJSIP/bench)
""",
}


def has_asterisk() -> bool:
    """Whether Asterisk can be put beside the gateway."""
    return _in_folder() or shutil.which("asterisk") is not None


def _in_folder() -> bool:
    return (_ROOT / "usr/sbin/asterisk").exists() and os.geteuid() == 0


def _configure(folder: Path, *, root: Path, port: int, callee: int) -> None:
    """Writes the configuration into `folder`; paths in it are those below `root`."""
    default = root / "usr/lib/asterisk/modules"
    modules = next((root / "usr/lib").glob("**/asterisk/modules"), default)
    for name in ("var", "spool", "run", "log"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "prompt.ulaw").write_bytes(PROMPT)
    values = {
        "folder": f"/{folder.relative_to(root)}",
        "modules": f"/{modules.relative_to(root)}",
        "port": port,
        "callee": callee,
        "first": RTP[0],
        "last": RTP[1],
    }
    for name, text in _FILES.items():
        (folder / name).write_text(text.format(**values))


@asynccontextmanager
async def asterisk(_folder: Path, *, callee: int = 5060) -> AsyncIterator[Engine]:
    """Asterisk 22 with PJSIP: 2025550100 is a menu's prompt for ever, 2025550101 rings the SIP
    port `callee`, 2025550102 does so and records both sides.

    With real-time priority (`-p`), which the gateway's media thread asks for too.
    """
    root = _ROOT if _in_folder() else Path("/")
    (root / "tmp").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=root / "tmp"))
    port = free_port()
    _configure(folder, root=root, port=port, callee=callee)
    if root != Path("/"):  # else it asks a name server for its own name in every call
        names = f"127.0.0.1 localhost {socket.gethostname()} a.root-servers.net\n"
        (root / "etc/hosts").write_text(names)
    program = ["asterisk", "-f", "-p", "-C", f"/{folder.relative_to(root)}/asterisk.conf"]
    if root != Path("/"):
        program = ["chroot", str(root), *program]
    try:
        with (folder / "asterisk.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *program, stdin=DEVNULL, stdout=log, stderr=log
            )
            try:
                await asyncio.sleep(5)
                if process.returncode is not None:
                    shown = (folder / "asterisk.log").read_text()[-2000:]
                    raise SystemExit(f"Asterisk ended:\n{shown}")
                yield Engine("asterisk", process, port)
            finally:
                await end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
