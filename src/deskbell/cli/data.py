"""Commands that work on accounts' data: Django is set up in this process, on `up`'s database."""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Callable

from deskbell.foundation.errors import DeskbellError
from deskbell.foundation.loading import loading

from . import preflight
from .manage import database

_HOMES = {
    "export": "attendants:export",
    "import": "attendants:bring",
    "doctor": "doctor:doctor",
    "usage": "usage:usage",
    "token": "tokens:token",
    "trunk": "lines:trunk",
    "phone": "lines:phone",
    "limits": "lines:limits",
    "operator": "operators:operator",
    "self-test": "self_tests:self_test",
}


class DatabaseNotReady(DeskbellError):
    """The database has not the tables that this version needs."""


def run_on_data(chosen: argparse.Namespace) -> int:
    """Runs `chosen.command` and gives its exit code.

    Starts the packaged PostgreSQL for as long where `up` does not run. Raises what the command
    raises, DatabaseNotReady, CannotStart and PostgresFailed.
    """
    settings = preflight.read_settings(os.environ)
    with database(settings) as url:
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbell.config.settings")
        import django
        from django.db import ProgrammingError, connection

        with loading():
            django.setup()
        module, name = _HOMES[chosen.command].split(":")
        run: Callable[[argparse.Namespace], int] = getattr(
            importlib.import_module(f".{module}", __package__), name
        )
        try:
            return run(chosen)
        except ProgrammingError as error:
            raise DatabaseNotReady(
                f"the database of {settings.data_dir} is empty or not up to date: name "
                "the folder of `./deskbell up` with --data-dir, or run `./deskbell migrate`"
            ) from error
        finally:
            connection.close()
