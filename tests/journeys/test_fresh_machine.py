"""A fresh machine: an empty copy of the repository, an empty home, one command.

What a newcomer would lose if this broke is everything.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import Running, free_ports, rtp_range

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
OURS = ("DESKBELL_", "DATABASE_URL", "DJANGO_", "PYTHON", "PYTEST_", "PG", "VIRTUAL_ENV")

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(2400),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc"),
]


class Machine:
    """A copy of the repository with a home, a data folder and ports of its own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.repository = base / "deskbell"
        self.data = base / "data"
        (base / "home").mkdir()
        self._copy()
        ports = iter(free_ports(3))
        self.http = f"127.0.0.1:{next(ports)}"
        self.voice_http = f"127.0.0.1:{next(ports)}"
        self.sip = f"127.0.0.1:{next(ports)}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        path = [part for part in kept["PATH"].split(":") if not part.startswith(str(ROOT))]
        self.variables = kept | {"HOME": str(base / "home"), "PATH": ":".join(path)}

    def _copy(self) -> None:
        listing = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        for name in filter(None, listing.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (self.repository / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.repository / name)

    def up(self) -> Running:
        return Running(self.argv(), self.variables, folder="/", gives_way=True)

    def argv(self) -> list[str]:
        options = ["--data-dir", str(self.data), "--http", self.http, "--sip", self.sip]
        options += ["--voice-http", self.voice_http, "--rtp", rtp_range(1000)]
        return [str(self.repository / "deskbell"), "up", "--demo", *options]

    def processes(self, mark: str = "") -> list[int]:
        """Our processes whose command line holds this machine's folder, and `mark`."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(self.base) in line and mark in line:
                found.append(int(entry.parent.name))
        return found


@pytest.fixture
def machine() -> Iterator[Machine]:
    base = Path(tempfile.mkdtemp(prefix="deskbell-fresh-"))
    base.chmod(0o755)
    made = Machine(base)
    yield made
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(base, ignore_errors=True)


def test_one_command_on_a_fresh_machine(machine: Machine) -> None:
    running = machine.up()
    first = running.wait_for("Deskbell is ready", 800)
    _look_around(machine)
    _refuse_a_second_one(machine)

    for pid in machine.processes("deskbell.voice"):
        os.kill(pid, signal.SIGKILL)
    running.wait_for("voice was killed by SIGKILL; starting it again", 30)
    running.wait_for("voice is back", 60)

    assert running.stop() == 0, "\n".join(running.said[-60:])
    assert running.said[-1].endswith("Stopped")
    assert not any("Traceback" in line for line in running.said), "\n".join(running.said)
    assert machine.processes() == []
    assert not (machine.base / "home" / "data").exists()

    again = machine.up()
    second = again.wait_for("Deskbell is ready", 120)
    assert not any("first start" in line for line in again.said), "\n".join(again.said)
    assert again.stop() == 0
    assert machine.processes() == []
    log.info("ready after %.1f s at the first start, %.1f s at the second", first, second)


def _look_around(machine: Machine) -> None:
    demo: dict[str, Any] = json.loads((machine.data / "demo.json").read_text())
    assert [account["number"] for account in demo["accounts"]] == ["W0411", "W0422"]
    assert demo["url"] == f"http://localhost:{machine.http.rpartition(':')[2]}"
    with httpx.Client(base_url=f"http://{machine.http}", follow_redirects=True) as client:
        page = client.get("/")
        assert page.status_code == 200
        bundled = re.findall(r"(?:src|href)=\"(/static/portal/bundle/[^\"]+)\"", page.text)
        assert any(".js" in address for address in bundled)
        assert any(".css" in address for address in bundled)
        for address in bundled:
            assert client.get(address).status_code == 200, address
        assert client.get("/demo/mailbox").status_code == 200
    health = httpx.get(f"http://{machine.voice_http}/health").json()
    assert health["ready"]
    assert health["config"]


def _refuse_a_second_one(machine: Machine) -> None:
    second = subprocess.run(
        machine.argv(), env=machine.variables, check=False, capture_output=True, text=True
    )
    assert second.returncode == 2
    assert "already running" in second.stderr
    assert second.stderr.count("\n") == 1
