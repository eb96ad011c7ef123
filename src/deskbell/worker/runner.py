"""The worker's life: connect, take jobs, say so, and end in good time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
from django.conf import settings

from deskbell.platform.beat import CHANNEL
from deskbell.platform.jobs import known_jobs

from .beat import Beats
from .clockwork import TABLE
from .crew import Crew, connection_options
from .lanes import ENGINE, LANES, Lane, lane_of

log = logging.getLogger(__name__)
GRACE_SECONDS = 4.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def serve(ready_file: Path) -> int:
    """Runs jobs until SIGTERM or SIGINT, or until the database is gone.

    Writes `ready_file` while it takes jobs; where that cannot be written, it works all the same.
    Gives the exit code: 0 after a signal, 1 when the database went away or the queue failed. Jobs
    that outlast the grace end with the process, at once and without a return from here; another
    worker runs them again.
    """
    told, gone = asyncio.Event(), asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    beats = Beats()
    crews = [await _crew(lane, gone, beats) for lane in LANES]
    beats.start()
    tasks = [task for crew in crews for task in crew.start()]
    ended = [asyncio.create_task(event.wait()) for event in (told, gone)]
    ready = asyncio.create_task(_listening(crews))
    await _first((ready, *tasks, *ended))
    if _went_well(ready):
        with _announced(ready_file):
            await _first((*tasks, *ended))
    for waiting in (ready, *ended):
        waiting.cancel()
    if gone.is_set():
        log.error("The connection to PostgreSQL is lost; the worker ends")
    for crew in crews:
        crew.stop()
    await asyncio.to_thread(beats.stop, GRACE_SECONDS / 2)
    return await _wind_up(tasks, asked=told.is_set() and not gone.is_set())


async def _listening(crews: Sequence[Crew]) -> None:
    for crew in crews:
        await crew.listening()


async def _first(tasks: Iterable[asyncio.Task[Any]]) -> None:
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


def _went_well(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def _crew(lane: Lane, gone: asyncio.Event, beats: Beats) -> Crew:
    connection = await asyncpg.connect(**connection_options(settings.DATABASES["default"], lane))
    connection.add_termination_listener(lambda _connection: gone.set())
    if lane is ENGINE:
        await connection.add_listener(CHANNEL, lambda *_: beats.wake())
    jobs = [job for job in known_jobs() if lane_of(job.name) is lane]
    return Crew(lane, connection, jobs, TABLE if lane is ENGINE else ())


@contextmanager
def _announced(ready_file: Path) -> Iterator[None]:
    # Never raises: what is raised here would cancel the crews, and pgqueuer drops their jobs.
    try:
        ready_file.parent.mkdir(parents=True, exist_ok=True)
        ready_file.write_text(f"{os.getpid()}\n")
    except OSError as error:
        log.warning("Taking jobs, but that cannot be said in a file: %s", error)
    else:
        log.info("Taking jobs")
    try:
        yield
    finally:
        with suppress(OSError):
            ready_file.unlink(missing_ok=True)


async def _wind_up(tasks: Sequence[asyncio.Task[None]], *, asked: bool) -> int:
    done, pending = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
    code = 0 if asked else 1
    for task in done:
        if error := task.exception():
            log.error("The %s failed", task.get_name(), exc_info=error)
            code = 1
    if pending:
        log.warning("Some jobs are not done in time; they will run again")
        logging.shutdown()
        # Not a return: asyncio would cancel the tasks, and pgqueuer drops the jobs of those.
        os._exit(code)
    return code
