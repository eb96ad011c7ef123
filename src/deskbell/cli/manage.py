"""Runs one of Django's own commands on the database that `up` uses, running or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deskbell.foundation.environment import Environment

from . import postgres, preflight
from .programs import run


def manage(arguments: Sequence[str]) -> int:
    """Runs Django's command `arguments` and gives its exit code.

    Starts the packaged PostgreSQL for as long where `up` does not run. Raises CannotStart and
    PostgresFailed.
    """
    settings = preflight.read_settings(os.environ)
    variables = dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "deskbell.config.settings"}
    with database(settings) as url:
        argv = [sys.executable, "-m", "django", *arguments]
        return run(argv, env=variables | {"DATABASE_URL": url}).returncode


@contextmanager
def database(settings: Environment) -> Iterator[str]:
    """The URL of the database that `up` uses; where nothing runs, its server runs for as long.

    Raises CannotStart and PostgresFailed.
    """
    folder = settings.data_dir / "postgres"
    if settings.database_url:
        yield settings.database_url
        return
    try:
        lock = preflight.DataLock(settings.data_dir)
    except preflight.CannotStart:
        yield postgres.url_of(folder)  # `up` runs, so its server does
        return
    try:
        server = postgres.start(folder)
        try:
            yield server.url
        finally:
            server.stop()
    finally:
        lock.release()
