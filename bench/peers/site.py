"""A whole web side with a database of its own, thrown away at the end, and its gateway.

The processes are those that `up` starts, with the same arguments; this process uses the same
database through Django, to fill it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from deskbell.cli import postgres, processes
from deskbell.cli.programs import spawn
from deskbell.cli.supervisor import Program
from deskbell.foundation.environment import environment

from .processes import family_cpu_seconds, free_port

HOST = "127.0.0.1"
_SOURCE = Path(__file__).resolve().parents[2] / "src"
_BENCH = Path(__file__).resolve().parents[1]
_READY_SECONDS = 60.0
_QUIET_SECONDS = 0.1  # of CPU in a second


@dataclass(frozen=True, slots=True)
class Site:
    """Where the web side listens, its folder, and the processes to watch."""

    port: int
    folder: Path
    web_pid: int
    database_pid: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def spent(self) -> tuple[float, float]:
        """Seconds of CPU that the web processes and the database have used so far."""
        return family_cpu_seconds(self.web_pid), family_cpu_seconds(self.database_pid)


@contextmanager
def site() -> Iterator[Site]:
    """Starts it and sets Django up in this process, which must not have been done before."""
    folder = Path(tempfile.mkdtemp(prefix="bench-site-"))
    folder.chmod(0o755)  # PostgreSQL's own user goes through it
    database = postgres.start(folder / "data" / "postgres")
    try:
        port = free_port()
        os.environ.update(
            PYTHONPATH=f"{_SOURCE}:{_BENCH}",
            DESKBELL_DATA_DIR=str(folder / "data"),
            DESKBELL_HTTP=f"{HOST}:{port}",
            DESKBELL_SIP=f"{HOST}:{free_port()}",
            DESKBELL_VOICE_HTTP=f"{HOST}:{free_port()}",
            DATABASE_URL=database.url,
            DJANGO_SETTINGS_MODULE="peers.settings",
        )
        _set_up(folder)
        program = processes.web(environment(), os.environ)
        with _running(program, folder / "web.log") as web:
            yield Site(port, folder, web.pid, database.process.pid)
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def gateway(at: Site) -> Iterator[int]:
    """Starts the gateway before `at`, takes calls at `DESKBELL_SIP`; gives its process id."""
    program = processes.voice(environment(), os.environ)
    with _running(program, at.folder / "voice.log") as process:
        _wait_until_quiet(process.pid)
        yield process.pid


@contextmanager
def worker(at: Site) -> Iterator[int]:
    """Starts a worker; gives its process id."""
    program = processes.worker(environment(), os.environ)
    with _running(program, at.folder / "worker.log") as process:
        yield process.pid


@contextmanager
def _running(program: Program, log: Path) -> Iterator[Popen[bytes]]:
    start = program.start()
    with log.open("wb") as said:
        process = spawn(start.argv, stdout=said, stderr=said, **start.options)
        try:
            _wait(program, process, log)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def _set_up(folder: Path) -> None:
    (folder / "data" / "static").mkdir(parents=True, exist_ok=True)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _wait_until_quiet(pid: int) -> None:
    """Until it has spoken its own sentences, which takes seconds at its first start."""
    deadline = time.monotonic() + _READY_SECONDS
    spent, before = family_cpu_seconds(pid), -1.0
    while spent - before > _QUIET_SECONDS and time.monotonic() < deadline:
        time.sleep(1)
        before, spent = spent, family_cpu_seconds(pid)


def _wait(program: Program, process: Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not asyncio.run(_is_ready(program)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"{program.name} did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)


async def _is_ready(program: Program) -> bool:
    try:
        return await program.ready()
    except OSError:
        return False
