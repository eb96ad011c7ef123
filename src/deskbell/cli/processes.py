"""The list of processes that `up` keeps running, and how each tells that it is ready."""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from deskbell.foundation.environment import Address, Environment

from . import health, postgres
from .supervisor import Program, Start

MOST_THREADS = 8
MOST_WEB_PROCESSES = 4


def database(folder: Path, first: postgres.Launch) -> Program:
    """The packaged PostgreSQL; its chatter about checkpoints stays out of the log."""
    launches = iter([first])

    def start() -> Start:
        launch = next(launches, None) or postgres.prepare(folder)
        return Start(launch.argv, launch.options)

    async def ready() -> bool:
        return postgres.is_ready(first.folder)

    return Program(
        "postgres",
        start,
        ready,
        stop_signal=signal.SIGINT,
        stop_seconds=20.0,
        shows=lambda line: not any(mark in line for mark in (" LOG:  ", " HINT:  ")),
    )


def web(settings: Environment, variables: Mapping[str, str]) -> Program:
    """The pages and APIs: granian with threads, one process a core."""
    given = variables.get("DESKBELL_WEB_PROCESSES", "")
    cores = os.cpu_count() or 1
    count = int(given) if given.isdigit() else min(MOST_WEB_PROCESSES, cores)
    threads = min(MOST_THREADS, 2 * cores + 1)  # more than that, granian warns about
    argv = [sys.executable, "-m", "granian", "deskbell.config.wsgi:application"]
    argv += ["--interface", "wsgi", "--host", settings.http.host, "--port", str(settings.http.port)]
    argv += ["--workers", str(max(count, 1)), "--blocking-threads", str(threads)]
    argv += ["--no-access-log", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    argv += ["--workers-kill-timeout", "8"]
    return Program(
        "web", _always(argv, variables), functools.partial(health.web_is_ready, settings.http)
    )


def worker(settings: Environment, variables: Mapping[str, str]) -> Program:
    """The job runner; it writes `run/worker.ready` once it takes jobs."""
    ready_file = settings.data_dir / "run" / "worker.ready"
    fixed = _always([sys.executable, "-m", "deskbell.worker"], variables)

    def start() -> Start:
        ready_file.unlink(missing_ok=True)
        return fixed()

    return Program("worker", start, functools.partial(health.file_exists, ready_file))


def voice(settings: Environment, variables: Mapping[str, str]) -> Program:
    """The gateway."""
    return Program(
        "voice",
        _always([sys.executable, "-m", "deskbell.voice"], variables),
        functools.partial(health.voice_says, settings.voice_http, "ready"),
    )


def mail(address: Address, variables: Mapping[str, str]) -> Program:
    """The demo's own SMTP server."""
    return Program(
        "mail",
        _always([sys.executable, "-m", "deskbell.demo.mail"], variables),
        functools.partial(health.port_is_open, address),
    )


def preparing(variables: Mapping[str, str]) -> Start:
    """The one step between the database and everything that uses it."""
    return _always([sys.executable, "-m", "deskbell.cli", "prepare"], variables)()


def _always(argv: list[str], variables: Mapping[str, str]) -> functools.partial[Start]:
    return functools.partial(Start, argv, {"env": dict(variables)})
