"""Starts processes, watches them, starts them again, and stops them in order.

Every child has a session of its own: Ctrl-C in the terminal reaches only us, and we pass it on
in the right order. The kernel ends the children if we are killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from deskbell.foundation.errors import DeskbellError

from .children import die_with_parent
from .output import Lines, Log

FIRST_WAIT = 0.5
LONGEST_WAIT = 10.0
STEADY_SECONDS = 30.0  # who ran so long starts again after the shortest wait
_FAILURES_BEFORE_READY = 3
_POLL_SECONDS = 0.05
_STARTING_STOP_SECONDS = 2.0


class ProcessFailed(DeskbellError):
    """A process ended again and again before it was ever ready, or a single step failed."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a program: its arguments and what else Popen takes."""

    argv: Sequence[str]
    options: Mapping[str, Any] = field(default_factory=dict)


async def _at_once() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Program:
    """Something to keep running.

    `start` is asked before every start. `ready` is asked until it says yes. `shows` chooses the
    lines of its output that are worth a person's time.
    """

    name: str
    start: Callable[[], Start]
    ready: Callable[[], Awaitable[bool]] = _at_once
    ready_seconds: float = 120.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    shows: Callable[[str], bool] = bool


def next_wait(wait: float, ran: float) -> float:
    """Seconds before the next start, after `wait` before the last and `ran` seconds of running."""
    if ran >= STEADY_SECONDS:
        return FIRST_WAIT
    return min(max(wait * 2, FIRST_WAIT), LONGEST_WAIT)


class Keeper:
    """Keeps one program running until told to stop."""

    def __init__(self, program: Program, log: Log) -> None:
        self.program = program
        self.ready = asyncio.Event()
        self._log = log
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._failures = 0
        self._task = asyncio.create_task(self._keep())

    async def wait_ready(self) -> None:
        """Returns when the program is ready. Raises ProcessFailed when it never will be."""
        ready = asyncio.create_task(self.ready.wait())
        try:
            await asyncio.wait(
                {ready, self._task},
                return_when=asyncio.FIRST_COMPLETED,
                timeout=self.program.ready_seconds,
            )
        finally:
            ready.cancel()
        if self.ready.is_set():
            return
        if self._task.done():
            self._task.result()
            raise ProcessFailed(f"{self.program.name} was stopped before it was ready")
        raise ProcessFailed(
            f"{self.program.name} runs but was not ready in {self.program.ready_seconds:g} s; "
            "its log is above"
        )

    async def stop(self) -> None:
        """Stops the program politely, and by force when its time is over."""
        self._stopping.set()
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(self.program.stop_signal)
            patience = self.program.stop_seconds
            if not self.ready.is_set():  # nothing is in hand yet that could be lost
                patience = min(patience, _STARTING_STOP_SECONDS)
            try:
                await asyncio.wait_for(process.wait(), patience)
            except TimeoutError:
                self._log.line("deskbell", f"{self.program.name} does not stop; killing it")
        self.kill()
        await asyncio.gather(self._task, return_exceptions=True)

    def kill(self) -> None:
        """Ends the program and all it started, at once."""
        self._stopping.set()
        if self._process is not None:
            kill_group(self._process.pid)

    async def _keep(self) -> None:
        wait = 0.0
        while not self._stopping.is_set():
            began = time.monotonic()
            ended = await self._run_once()
            if self._stopping.is_set():
                return
            wait = next_wait(wait, time.monotonic() - began)
            self._judge(ended)
            self._log.line(
                "deskbell", f"{self.program.name} {ended}; starting it again in {wait:g} s"
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    def _judge(self, ended: str) -> None:
        self._failures += 1
        if not self.ready.is_set() and self._failures >= _FAILURES_BEFORE_READY:
            raise ProcessFailed(f"{self.program.name} cannot start: it {ended}; its log is above")

    async def _run_once(self) -> str:
        try:
            start = self.program.start()
            self._process = process = await spawn(start)
        except (OSError, DeskbellError) as error:
            return f"could not be started ({error})"
        if self._stopping.is_set():  # stop() came while the process was being made
            kill_group(process.pid)
        watching = asyncio.create_task(self._watch_ready())
        try:
            await pump(process, self.program.name, self._log, self.program.shows)
            code = await process.wait()
        finally:
            watching.cancel()
            kill_group(process.pid)
        return describe(code)

    async def _watch_ready(self) -> None:
        again = self.ready.is_set()
        while True:
            if await self.program.ready():
                break
            await asyncio.sleep(_POLL_SECONDS)
        self.ready.set()
        if again:
            self._log.line("deskbell", f"{self.program.name} is back")


async def spawn(start: Start) -> asyncio.subprocess.Process:
    """Starts a child whose output comes to us, in a session of its own, ended when we end."""
    options: dict[str, Any] = {
        "stdin": asyncio.subprocess.DEVNULL,
        "stdout": asyncio.subprocess.PIPE,
        "stderr": asyncio.subprocess.STDOUT,
        "start_new_session": True,
        "preexec_fn": die_with_parent(signal.SIGTERM),
    }
    return await asyncio.create_subprocess_exec(*start.argv, **(options | dict(start.options)))


async def run_step(name: str, start: Start, log: Log) -> int:
    """Runs one program to its end with its lines in the log, and gives its exit code.

    When cancelled it ends the program first.
    """
    process = await spawn(start)
    try:
        await pump(process, name, log)
        return await process.wait()
    finally:
        kill_group(process.pid)


async def pump(
    process: asyncio.subprocess.Process,
    name: str,
    log: Log,
    shows: Callable[[str], bool] = bool,
) -> None:
    """Copies a child's output into the log until the child itself has ended."""
    reading = asyncio.create_task(_read(process, name, log, shows))
    try:
        await process.wait()
        # A grandchild may hold the pipe open; the last lines get a moment, no more.
        with suppress(TimeoutError):
            await asyncio.wait_for(reading, 0.5)
    finally:
        reading.cancel()


async def _read(
    process: asyncio.subprocess.Process, name: str, log: Log, shows: Callable[[str], bool]
) -> None:
    if process.stdout is None:
        return
    lines = Lines()
    while piece := await process.stdout.read(65536):
        for line in filter(shows, lines.feed(piece)):
            log.line(name, line)
    for line in filter(shows, lines.end()):
        log.line(name, line)


def kill_group(pid: int) -> None:
    """Kills what is left of the session that the child `pid` led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def describe(code: int) -> str:
    """An exit code in words: `ended with code 1`, `was killed by SIGKILL`."""
    if code >= 0:
        return f"ended with code {code}"
    with suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}"
    return f"was killed by signal {-code}"
