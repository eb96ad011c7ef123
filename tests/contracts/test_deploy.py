"""What lies in deploy/ is what its programs take: units, variables, Kamailio's configuration."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.kamailio import DEPLOY, KAMAILIO, needs_kamailio

ROOT = DEPLOY.parent
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text()
OUR_OWN = {"WEB_HOST", "WEB_PORT", "WEB_PROCESSES", "PYTHONPATH"}  # of the units themselves
TLS = ("#!define WITH_TLS", "#!define WITH_WEBSOCKET", "enable_tls=yes", "#!define RTPENGINE")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("name", ["prepare", "web", "worker", "voice@"])
def test_units_are_what_systemd_takes(name: str, tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").glob("*.service"):
        text = unit.read_text().replace("/opt/deskbell/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text)
    unit = tmp_path / f"deskbell-{name.replace('@', '@1')}.service"
    found = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert [line for line in found.stderr.splitlines() if "deskbell" in line] == []


def test_variables_of_the_examples_are_settings() -> None:
    files = [*(DEPLOY / "environment").glob("*.env"), *(DEPLOY / "systemd").glob("*.service")]
    named: set[str] = set()
    for path in files:
        named |= set(re.findall(r"\b([A-Z][A-Z_]+)=", path.read_text()))
    assert {name for name in named if f"| `{name}` |" not in SETTINGS} == OUR_OWN


@needs_kamailio
@pytest.mark.parametrize("with_tls", [False, True])
def test_kamailio_takes_the_example_settings(with_tls: bool, tmp_path: Path) -> None:
    for path in (DEPLOY / "kamailio").iterdir():
        text = re.sub(r"\b192\.0\.2\.\d+", "127.0.0.1", path.read_text())
        text = text.replace("/etc/kamailio", str(tmp_path)).replace("/run/kamailio", str(tmp_path))
        if with_tls and path.name == "settings.cfg":
            for line in (*TLS, "listen=tls"):
                text = text.replace(f"#{line}", line)
        (tmp_path / path.name).write_text(text)
    found = subprocess.run(
        [str(KAMAILIO), "-c", "-f", "kamailio.cfg"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert ("tls: " in found.stdout) == with_tls
