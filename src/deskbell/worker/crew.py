"""A lane at work: its jobs taken from the queue and run in its threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
from django.db import close_old_connections
from pgqueuer import Job as QueuedJob
from pgqueuer import PgQueuer
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.models import Schedule

from deskbell.platform.jobs import Clockwork, Job, run_job
from deskbell.platform.standing import WORKER

from .lanes import Lane
from .patience import PatientExecutor

# Without a sign of life for so long, a job is taken over; a healthy worker gives one every 5 s.
HEARTBEAT = timedelta(seconds=10)
# The longest sleep between two looks at the queue; new jobs and timers wake it earlier, only jobs
# of a worker that died have to be looked for.
LOOK = timedelta(seconds=2)
SHORTEST_LOOK = timedelta(seconds=0.02)
_PROBE = timedelta(seconds=0.1)


def connection_options(database: Mapping[str, Any], lane: Lane) -> dict[str, Any]:
    """What asyncpg takes to connect to one of Django's `DATABASES`, for a lane.

    A `HOST` that is a folder is that of a Unix socket, for both. The connection says whose it is:
    so others see that somebody is at work.
    """
    return {
        "host": database["HOST"] or None,
        "port": int(database["PORT"]) if database["PORT"] else None,
        "user": database["USER"] or None,
        "password": database["PASSWORD"] or None,
        "database": database["NAME"],
        "ssl": database["OPTIONS"].get("sslmode"),
        "server_settings": {"application_name": f"{WORKER}{lane.name}"},
    }


class Crew:
    """One lane in this process. `clockwork` is run by the crew that is given it."""

    def __init__(
        self,
        lane: Lane,
        connection: asyncpg.Connection[Any],
        jobs: Iterable[Job],
        clockwork: Iterable[Clockwork] = (),
    ) -> None:
        self._lane = lane
        self._threads = ThreadPoolExecutor(lane.threads, thread_name_prefix=lane.name)
        self._queue = PgQueuer.from_asyncpg_connection(connection)
        self._queue.qm.min_dequeue_poll_interval = SHORTEST_LOOK
        for job in jobs:
            self._queue.entrypoint(
                job.name,
                concurrency_limit=job.concurrency,
                accepts_context=False,
                on_failure="hold",
                executor_factory=PatientExecutor,
            )(self._run_job)
        self._has_clockwork = False
        for each in clockwork:
            self._has_clockwork = True
            self._queue.schedule(each.name, each.cron, accepts_context=False)(
                self._run_by_clock(each)
            )

    def start(self) -> list[asyncio.Task[None]]:
        """Begins to take jobs; the tasks end when `stop` was called and the last job is done.

        They must never be cancelled: pgqueuer drops the jobs of a cancelled task.
        """
        running = self._queue.qm.run(
            dequeue_timeout=LOOK,
            batch_size=self._lane.threads,
            max_concurrent_tasks=2 * self._lane.threads,
            shutdown_on_listener_failure=True,
            heartbeat_timeout=HEARTBEAT,
        )
        tasks = [asyncio.create_task(running, name=self._lane.name)]
        if self._has_clockwork:
            tasks.append(asyncio.create_task(self._queue.sm.run(), name="clockwork"))
        return tasks

    async def listening(self) -> None:
        """Returns once a notification comes round, so that new jobs wake this crew."""
        patience = _PROBE
        while True:
            try:
                await self._queue.qm.listener_healthy(patience)
            except FailingListenerError:
                patience *= 2  # the crew may not listen yet, or the machine be busy
                continue
            return

    def stop(self) -> None:
        """No more jobs are taken."""
        self._queue.shutdown.set()

    async def _run_job(self, job: QueuedJob) -> None:
        await self._in_thread(partial(run_job, job.entrypoint, job.payload))

    def _run_by_clock(self, each: Clockwork) -> Callable[[Schedule], Awaitable[None]]:
        async def run(_schedule: Schedule) -> None:
            await self._in_thread(each.work)

        return run

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, _with_connection, work)


def _with_connection(work: Callable[[], None]) -> None:
    close_old_connections()
    try:
        work()
    finally:
        close_old_connections()
