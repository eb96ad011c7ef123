"""Jobs and timers, on pgqueuer.

`enqueue` inserts the job on Django's own connection, so it belongs to the transaction that is
open: a rollback takes the job with it, and a commit makes row and job appear together. A timer is
a job with a delay. Jobs run at least once; what they call must bear being called twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from pgqueuer.ports.driver import SyncDriver
from pgqueuer.queries import SyncQueries
from psycopg import RawCursor
from psycopg.rows import dict_row

Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work: its name in the queue and what runs it, with JSON keyword arguments."""

    name: str
    work: Work
    concurrency: int = 0


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A kind of work that runs by the clock; `cron` as in crontab(5), in UTC."""

    name: str
    cron: str
    work: Callable[[], None]


@dataclass(slots=True)
class _Register:
    jobs: dict[str, Job] = field(default_factory=dict)


_register = _Register()


def job(name: str, *, concurrency: int = 0) -> Callable[[Work], Job]:
    """Makes a function a job. `concurrency` caps how many run at once; 0 means no cap."""

    def wrap(work: Work) -> Job:
        made = Job(name, work, concurrency)
        _register.jobs[name] = made
        return made

    return wrap


def known_jobs() -> list[Job]:
    """All jobs whose modules were imported (each room's `apps.ready()` imports its own)."""
    return list(_register.jobs.values())


class _DjangoConnection(SyncDriver):
    """pgqueuer's statements on Django's connection, inside whatever transaction is open.

    pgqueuer's own driver refuses a connection that is inside `atomic`, which is where we want it.
    """

    def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        connection.ensure_connection()
        cursor = RawCursor(connection.connection, row_factory=dict_row)
        cursor.execute(query.encode(), args or None)
        return cursor.fetchall()


_queries = SyncQueries(_DjangoConnection())


def enqueue(
    work: Job,
    *,
    after: timedelta | None = None,
    priority: int = 0,
    key: str | None = None,
    **arguments: Any,
) -> bool:
    """Queues `work(**arguments)` in the open transaction, to run `after` a wait.

    A `key` that an unfinished job already has makes this call do nothing. Writes one row. Gives
    whether it queued one.
    """
    [made] = _queries.enqueue(
        work.name,
        json.dumps(arguments).encode(),
        priority,
        max(after, timedelta(0)) if after else None,
        key,
        on_conflict="skip",
    )
    return made is not None


def enqueue_many(work: Job, arguments: Mapping[str, Mapping[str, Any]]) -> int:
    """Queues `work` once for each set of arguments, by their keys, in one statement.

    A key that an unfinished job already has is passed over. Gives how many it queued.
    """
    if not arguments:
        return 0
    made = _queries.enqueue(
        [work.name] * len(arguments),
        [json.dumps(each).encode() for each in arguments.values()],
        [0] * len(arguments),
        None,
        list(arguments),
        on_conflict="skip",
    )
    return sum(1 for each in made if each is not None)


def run_job(name: str, payload: bytes | None) -> None:
    """Runs one job by its name in the queue; what the worker calls. Raises what the job raises."""
    _register.jobs[name].work(**json.loads(payload or b"{}"))
