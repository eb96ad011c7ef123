"""How the database, the queue and the workers are: for whoever watches the deployment.

Counts and instants of the deployment alone, no account's rows. Everything here only reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, connection

# What every connection of a worker's lane calls itself in PostgreSQL, before the lane's name.
WORKER: Final = "deskbell worker "
# A job is taken within milliseconds where workers keep up.
LATE: Final = timedelta(minutes=1)
MANY_TRIES: Final = 3


def database_answers() -> bool:
    """Whether the database answers a statement."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Database:
    """PostgreSQL's version in words, its size in bytes, connections in use and allowed."""

    version: str
    size: int
    connections: int
    most_connections: int


def database() -> Database:
    """How the database is. One statement. Raises django.db.DatabaseError."""
    [(version, size, used, most)] = _rows(
        "SELECT current_setting('server_version'), pg_database_size(current_database()),"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int"
    )
    return Database(str(version).split(" ", maxsplit=1)[0], size, used, most)


def workers() -> Mapping[str, int]:
    """How many workers are at each lane that has one: a connection is one. One statement."""
    found = _rows(
        "SELECT substr(application_name, %s), count(*) FROM pg_stat_activity"
        " WHERE application_name LIKE %s AND datname = current_database() GROUP BY 1 ORDER BY 1",
        len(WORKER) + 1,
        f"{WORKER}%",
    )
    return dict(found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs of one kind that are due and not done: how many, by what the longest wait goes on.

    `late` wait for more than a minute; `failing` were tried three times and more; `held` are those
    that the queue has set aside. `at_work` are in a worker's hands.
    """

    job: str
    count: int
    at_work: int
    late: int
    failing: int
    held: int
    waits_for: timedelta

    @property
    def is_stuck(self) -> bool:
        """Whether somebody should look."""
        return bool(self.late or self.failing or self.held)


def waiting(at: datetime) -> Sequence[Waiting]:
    """The jobs that are due at `at`, or fail, by kind; those that wait longest first.

    Timers that are not due do not count, but what is tried again and again does. One statement.
    """
    found = _rows(
        "SELECT entrypoint,"
        " count(*) FILTER (WHERE status = 'queued' AND execute_after <= %(at)s) AS count,"
        " count(*) FILTER (WHERE status = 'picked') AS at_work,"
        " count(*) FILTER (WHERE status = 'queued' AND execute_after < %(late)s) AS late,"
        " count(*) FILTER (WHERE status = 'queued' AND attempts >= %(tries)s) AS failing,"
        " count(*) FILTER (WHERE status = 'failed') AS held,"
        " coalesce(%(at)s - min(execute_after) FILTER"
        " (WHERE status = 'queued' AND execute_after <= %(at)s), interval '0') AS waits_for"
        " FROM pgqueuer WHERE status IN ('picked', 'failed')"
        " OR status = 'queued' AND (execute_after <= %(at)s OR attempts >= %(tries)s)"
        " GROUP BY entrypoint ORDER BY waits_for DESC, entrypoint",
        at=at,
        late=at - LATE,
        tries=MANY_TRIES,
    )
    return [Waiting(*row) for row in found]


def _rows(statement: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, named or values)
        return list(cursor.fetchall())
